import { recordingIdOf } from '@exrec/gc-metadata';
import { crashPoint, HttpProblem, isRedisUnavailable, route, type Route } from '@exrec/service-kit';
import type { RequestHandler } from 'express';
import * as z from 'zod';
import type { AppendStatus, CallLog } from '../call-log/call-log.js';
import { readMetadataBody, type MetadataReading, type Rejection } from '../collect/index.js';
import type { LogEntry } from '../interaction/index.js';
import type { ExcpMetrics } from '../metrics/excp-metrics.js';

export type CollectRoutesOptions = {
  readonly callLog: CallLog;
  readonly metrics: ExcpMetrics;
};

export type MetadataRoutesOptions = CollectRoutesOptions & { readonly mcpMayPost: RequestHandler };

const answerSchema = z.object({
  statusCode: z.literal(0),
  recordings: z.array(
    z.object({
      mediaId: z.string().optional(),
      recordingId: z.string().optional(),
      status: z.enum(['stored', 'duplicate', 'updated', 'rejected']),
      reason: z.string().optional(),
    }),
  ),
});
type RecordingLine = z.infer<typeof answerSchema>['recordings'][number];

const noRoom = 'there is too much metadata of this call already';

/** MCP's metadata POST (docs/design/CONTRACTS.md#21-mcp-pushes-metadata). */
export function metadataRoutes(options: MetadataRoutesOptions): readonly Route[] {
  const { metrics, mcpMayPost } = options;
  return [
    route<object, Uint8Array>({
      method: 'post',
      path: '/api/contact-centers/:ccid/recordings',
      summary: 'Metadata of recorded audio files, as MCP posts them',
      access: mcpMayPost,
      scheme: 'basic',
      // MCP is not ours: what it was refused it does not send again.
      query: z.any(),
      body: {
        bytes: true,
        limit: '1mb',
        description: 'a recording envelope, a media file, or an array of either; 1 MiB at most',
        types: ['*/*'],
      },
      answers: { 200: { description: 'Redis has them', schema: answerSchema } },
      refusals: [403],
      answer: async ({ body }) => {
        const reading = readMetadataBody(body);
        metrics.metadata('rejected', reading.rejected.length);
        refuseUseless(reading, 'the metadata');
        const entries = reading.accepted.map((segment) => ({ kind: 'segment' as const, segment }));
        const statuses = await appendCounted(options, entries);
        crashPoint('after-redis-write');
        for (const status of statuses) metrics.metadata(status);
        refuseWithoutRoom(reading, statuses);
        return { body: { statusCode: 0, recordings: recordingsOf(reading, statuses) } };
      },
    }),
  ];
}

/** Appends, and counts when Redis has no memory left for it. */
export async function appendCounted(
  { callLog, metrics }: CollectRoutesOptions,
  entries: readonly LogEntry[],
): Promise<AppendStatus[]> {
  try {
    return await callLog.append(entries);
  } catch (error) {
    if (isRedisUnavailable(error) && String(error).includes('OOM')) metrics.redisFull();
    throw error;
  }
}

/** @throws HttpProblem when nothing was stored because there was no room for any of it */
function refuseWithoutRoom(reading: MetadataReading, statuses: readonly AppendStatus[]): void {
  if (statuses.length === 0 || statuses.some((status) => status !== 'no-room')) return;
  const rejected = [...reading.rejected, { index: 0, reason: noRoom, pointer: '' }];
  refuseUseless({ accepted: [], rejected, tooLarge: false }, 'the metadata');
}

/** @throws HttpProblem when nothing of the body can be taken: 400, or 413 when it names too much */
export function refuseUseless(
  reading: {
    readonly accepted: readonly unknown[];
    readonly rejected: readonly Rejection[];
    readonly tooLarge: boolean;
  },
  what: string,
): void {
  if (reading.accepted.length > 0 || reading.rejected.length === 0) return;
  const errors = reading.rejected.map(({ pointer, reason }) => ({ pointer, detail: reason }));
  throw new HttpProblem(reading.tooLarge ? 413 : 400, {
    detail: `${what} cannot be taken`,
    errors: errors.slice(0, 1_000),
  });
}

/** One line for each media file, in the order of the body. */
function recordingsOf(
  reading: MetadataReading,
  statuses: readonly AppendStatus[],
): RecordingLine[] {
  const lines: RecordingLine[] = [];
  for (const { index, mediaId, reason } of reading.rejected) {
    lines[index] = { ...(mediaId === undefined ? {} : { mediaId }), status: 'rejected', reason };
  }
  let at = 0;
  reading.accepted.forEach(({ mediaId }, position) => {
    while (lines[at] !== undefined) at += 1;
    lines[at] = lineOf(mediaId, statuses[position] ?? 'stored');
  });
  return lines;
}

function lineOf(mediaId: string, status: AppendStatus): RecordingLine {
  const recordingId = recordingIdOf(mediaId);
  return status === 'stored' || status === 'duplicate' || status === 'updated'
    ? { mediaId, recordingId, status }
    : { mediaId, status: 'rejected', reason: noRoom };
}
