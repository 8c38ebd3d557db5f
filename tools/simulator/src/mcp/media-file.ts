import type { CallIds } from './call-ids.js';
import type { McpForm } from './mcp-behaviour.js';

/** One recorded audio file as MCP knows it. Times are epoch milliseconds. */
export type RecordedSegment = {
  readonly mediaId: string;
  readonly callUUID: string;
  readonly connID: string;
  readonly ani: string;
  readonly dnis: string;
  readonly startMs: number;
  readonly durationMs: number;
  /** The DN for which it was recorded: an agent's or a trunk's. */
  readonly recordDN: string;
  /** Absent on trunk recordings. */
  readonly agentId?: string;
  /** Custom recording parameters, passed through by MCP. */
  readonly parameters?: Readonly<Record<string, string>>;
};

/** A file name as MCP gives it: unique by its GVP ids and running number (docs/reference/genesys-facts.md#24-file-names). */
export function mediaIdOf(
  { callUUID, startMs }: { readonly callUUID: string; readonly startMs: number },
  names: McpForm['names'],
  ids: CallIds,
): string {
  const [date = '', time = ''] = new Date(startMs).toISOString().slice(0, 19).split('T');
  const [dashed, first, second] = [time.replaceAll(':', '-'), ids.gvpId(), ids.gvpId()];
  if (names === 'current')
    return `${callUUID}_${date}_${dashed}-${first}-${second}-${ids.gvpId()}.opus`;
  return `callrec.${first}-${second}.${`${date}${time}`.replaceAll(/[-:]/g, '').slice(2)}.opus`;
}

/** The body of MCP's metadata POST in the wanted form (docs/reference/genesys-facts.md#22-field-catalogue-of-one-media-file, docs/reference/genesys-facts.md#23-composed-example--metadata-post-for-one-segment). */
export function metadataBody(
  segment: RecordedSegment,
  file: { readonly sizeBytes: number; readonly uri: string },
  form: McpForm,
): unknown {
  const mediaFile = mediaFileOf(segment, file, form);
  const envelope = {
    id: segment.callUUID,
    callerPhoneNumber: segment.ani,
    dialedPhoneNumber: segment.dnis,
    mediaFiles: [mediaFile],
    eventHistory: [],
  };
  switch (form.body) {
    case 'envelope':
      return envelope;
    case 'envelope-array':
      return [envelope];
    case 'media-file':
      return mediaFile;
    case 'media-file-array':
      return [mediaFile];
  }
}

function mediaFileOf(
  segment: RecordedSegment,
  { sizeBytes, uri }: { readonly sizeBytes: number; readonly uri: string },
  form: McpForm,
): Record<string, unknown> {
  const { callUUID, startMs, durationMs } = segment;
  const duration = form.duration === 'seconds' ? durationMs / 1000 : durationMs;
  return {
    mediaId: segment.mediaId,
    mediaUri: uri,
    ...(form.callId === 'parameters' ? {} : { [form.callId]: callUUID }),
    type: 'audio/opus',
    startTime: timeText(startMs, form.times),
    stopTime: timeText(startMs + durationMs, form.times),
    duration: form.numbers === 'text' ? `${duration}` : duration,
    size: form.numbers === 'text' ? `${sizeBytes}` : sizeBytes,
    tenant: 'Environment',
    ivrprofile: 'record',
    parameters: {
      id: callUUID,
      ani: segment.ani,
      dnis: segment.dnis,
      connId: segment.connID,
      dateTime: timeText(startMs, 'Z'),
      recordDN: segment.recordDN,
      ...(segment.agentId === undefined ? {} : { agentId: segment.agentId }),
      ...segment.parameters,
    },
    masks: [],
    partitions: [],
    accessgroups: [],
  };
}

function timeText(epochMs: number, form: McpForm['times']): string {
  const iso = new Date(epochMs).toISOString();
  return form === 'Z' ? `${iso.slice(0, 19)}Z` : iso.replace('Z', '+0000');
}
