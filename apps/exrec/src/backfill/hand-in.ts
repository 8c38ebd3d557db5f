import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { CliError } from '../connection/cli-error.js';
import type { Service } from '../connection/service.js';
import type { Candidate } from './candidate.js';

export type HandInOptions = {
  readonly excp: Service;
  readonly exrp: Service;
  /** `Basic …` of MCP, where EXCP wants it. */
  readonly authorization: string | undefined;
  readonly perMinute: number;
  readonly onProgress: (done: number, total: number) => void;
};

export type HandedIn = {
  readonly sent: number;
  readonly duplicates: number;
  readonly refused: readonly { readonly mediaId: string; readonly reason: string }[];
};

/** More recordings than this in EXRP's queue are live calls that need the room. */
const mostQueued = 20;
const checkAgainMs = 1_000;
const path = '/api/contact-centers/backfill/recordings';

const countsSchema = z.looseObject({
  states: z.looseObject({ queued: z.number().default(0) }),
});
const answerSchema = z.looseObject({
  recordings: z.array(z.looseObject({ status: z.string(), reason: z.string().optional() })),
});

/**
 * Posts the metadata to EXCP as MCP would have done, one after the other, and gives way: while recordings queue up in
 * EXRP, or EXCP has no room, nothing is posted. What EXCP has already is a duplicate and changes nothing.
 */
export async function handIn(
  candidates: readonly Candidate[],
  options: HandInOptions,
): Promise<HandedIn> {
  const { perMinute, onProgress } = options;
  const refused: { mediaId: string; reason: string }[] = [];
  let [sent, duplicates] = [0, 0];
  for (const [index, candidate] of candidates.entries()) {
    const startedAtMs = Date.now();
    await untilThereIsRoom(options);
    const { status, reason } = await postOne(candidate, options);
    if (status === 'stored' || status === 'updated') sent += 1;
    else if (status === 'duplicate') duplicates += 1;
    else refused.push({ mediaId: candidate.mediaId, reason: reason ?? status });
    onProgress(index + 1, candidates.length);
    const isLast = index === candidates.length - 1;
    if (!isLast) await sleep(Math.max(0, 60_000 / perMinute - (Date.now() - startedAtMs)));
  }
  return { sent, duplicates, refused };
}

async function untilThereIsRoom({ exrp }: HandInOptions): Promise<void> {
  for (;;) {
    const { states } = countsSchema.parse(await exrp.ask('/api/v1/injections/counts'));
    if (states.queued <= mostQueued) return;
    await sleep(checkAgainMs);
  }
}

async function postOne(
  candidate: Candidate,
  { excp, authorization }: HandInOptions,
): Promise<{ readonly status: string; readonly reason?: string | undefined }> {
  let body: object;
  try {
    body = await candidate.metadata();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { status: 'rejected', reason: error.message };
  }
  for (;;) {
    const request = { method: 'POST', body, authorization } as const;
    const { status, body: answer } = await excp.answer(path, request);
    if (status === 503) {
      await sleep(checkAgainMs);
      continue;
    }
    if (status === 401 || status === 403)
      throw new CliError(`EXCP takes no metadata from here (${status})`, {
        hint: 'EXCP_MCP_USERNAME and EXCP_MCP_PASSWORD are those of MCP; EXCP_MCP_ALLOWED_NETWORKS must hold this machine',
      });
    if (status === 400) return { status: 'rejected', reason: reasonOf(answer) };
    if (status !== 200) throw new CliError(`EXCP answered ${status} to metadata`);
    const [first] = answerSchema.parse(answer).recordings;
    return first ?? { status: 'rejected', reason: 'EXCP said nothing about it' };
  }
}

function reasonOf(answer: unknown): string {
  const { errors } = (answer ?? {}) as { errors?: { detail?: unknown }[] };
  const detail = errors?.[0]?.detail;
  return typeof detail === 'string' ? detail : 'EXCP cannot read its metadata';
}
