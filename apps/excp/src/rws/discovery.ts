import { Failure, type Logger, type PeriodicJob } from '@exrec/service-kit';
import type { SegmentMetadata } from '../interaction/index.js';
import type { DiscoveryState } from './discovery-state.js';
import { noAnswer } from './rws-failure.js';
import type { RwsPause } from './rws-pause.js';
import type { RwsClient, TimeWindow } from './rws-client.js';

export interface DiscoveryOptions {
  readonly client: Pick<RwsClient, 'search' | 'listed'>;
  readonly state: DiscoveryState;
  readonly pause: Pick<RwsPause, 'remainingMs'>;
  /** What RWS fails at for so long is set aside by name, while it answers otherwise (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (5)). */
  readonly deadlineMs: number;
  /** Resolves only after Redis has the segments; may get one again. At most 100 at a time. */
  readonly deliver: (segments: readonly SegmentMetadata[]) => Promise<void>;
  readonly everyMs: number;
  /**
   * How far each look goes back before the last one: longer than RWS needs to learn of a recording, and, where
   * RWS searches by the start of a call, longer than the longest call.
   */
  readonly overlapMs: number;
  readonly logger: Logger;
  readonly now?: () => number;
}

const hourMs = 3_600_000;
const batchSize = 100;
/** Shortest time that is searched by itself: what RWS fails at within it is set aside, a moment of too many calls, too. */
const leastWindowMs = 60_000;
/** Before a recording is given up RWS has to have failed at it so often while it answered otherwise. */
const leastTries = 10;

/**
 * Discovery (docs/design/CONTRACTS.md#24-gir-rws, docs/design/CONTRACTS.md#9-clarifications (5)): a job for `startPeriodicJobs` that looks for recordings by time. The watermark moves only
 * when all pages of a window were delivered; after an outage it catches up hour by hour. A pause that RWS asked for is kept.
 */
export function createDiscovery(options: DiscoveryOptions): PeriodicJob {
  const { everyMs, pause, now = Date.now } = options;
  const run = async () => {
    if ((await pause.remainingMs()) === 0) await searchOnce({ ...options, now });
  };
  return { name: 'rws-discovery', everyMs, run };
}

type RoundOptions = DiscoveryOptions & Required<Pick<DiscoveryOptions, 'now'>>;

async function searchOnce(options: RoundOptions): Promise<void> {
  const { state, overlapMs, now } = options;
  const nowMs = now();
  // A watermark that lies ahead was made by a clock that was wrong.
  let doneMs = Math.min(await state.watermarkMs(nowMs - Math.ceil(overlapMs)), nowMs);
  let isWhole = true;
  do {
    const untilMs = Math.min(doneMs + hourMs, nowMs);
    const { delivered, failed } = await deliverWindow(options, {
      fromMs: doneMs - Math.ceil(overlapMs),
      untilMs,
    });
    const [first] = failed;
    // RWS fails at everything: that is an outage, and nothing is given up for it.
    if (first !== undefined && delivered === 0) throw first.failure;
    isWhole &&= first === undefined;
    for (const { window, failure } of failed) setAside(options, window, failure);
    await state.moveWatermark(untilMs);
    doneMs = untilMs;
  } while (doneMs < nowMs);
  if (isWhole) await state.failsNoMore();
  await state.dropDeliveredBefore(doneMs - Math.ceil(overlapMs));
  await askForAwaited(options);
}

type Windows = {
  /** How many were delivered as a whole. */
  readonly delivered: number;
  readonly failed: readonly { readonly window: TimeWindow; readonly failure: Failure }[];
};

/**
 * Delivers a window, or its halves when it has too many recordings, or when RWS has failed for so long that it has to be
 * found out at which part of it.
 * @throws Failure when that may pass
 */
async function deliverWindow(options: RoundOptions, window: TimeWindow): Promise<Windows> {
  try {
    await deliverRows(options, window);
    return { delivered: 1, failed: [] };
  } catch (error) {
    if (!(error instanceof Failure) || !(await isLasting(options, error))) throw error;
    const { fromMs, untilMs } = window;
    if (untilMs - fromMs <= leastWindowMs) {
      return { delivered: 0, failed: [{ window, failure: error }] };
    }
    const middleMs = Math.floor((fromMs + untilMs) / 2);
    const left = await deliverWindow(options, { fromMs, untilMs: middleMs });
    const right = await deliverWindow(options, { fromMs: middleMs, untilMs });
    return {
      delivered: left.delivered + right.delivered,
      failed: [...left.failed, ...right.failed],
    };
  }
}

async function isLasting(
  { state, deadlineMs, now }: RoundOptions,
  { code, retryAfterMs }: Failure,
): Promise<boolean> {
  if (code === 'rws-incomplete') return true;
  if (code === noAnswer || retryAfterMs !== undefined) return false;
  return now() - (await state.failingSinceMs(now())) >= deadlineMs;
}

function setAside({ logger }: RoundOptions, window: TimeWindow, { code }: Failure): void {
  const [from, until] = [window.fromMs, window.untilMs].map((ms) => new Date(ms).toISOString());
  logger.error('rws.time-set-aside', { from, until, cause: code });
}

/** Recordings that were listed and that RWS failed at: each by itself, whatever becomes of the others. */
async function askForAwaited(options: RoundOptions): Promise<void> {
  const { client, state, deadlineMs, logger, now } = options;
  for (const awaited of await state.awaited()) {
    try {
      await deliverBatch(options, (await client.listed(awaited.id)).segments);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === noAnswer || error.retryAfterMs !== undefined) return;
      const isGone = error.code === 'rws-not-found';
      const isLate = now() - awaited.sinceMs >= deadlineMs && awaited.tries >= leastTries;
      if (!isGone && !isLate) {
        await state.recordTry(awaited);
        continue;
      }
      if (!isGone)
        logger.error('rws.recording-set-aside', { callUUID: awaited.id, cause: error.code });
    }
    await state.awaitNoMore(awaited.id);
  }
}

async function deliverRows(options: RoundOptions, window: TimeWindow): Promise<void> {
  const { client, state, logger, now } = options;
  const rejections: string[] = [];
  let batch: SegmentMetadata[] = [];
  let segmentCount = 0;
  for await (const { id, segments, rejected, failure } of client.search(window)) {
    if (failure !== undefined && id !== undefined) await state.awaitRecording(id, now());
    batch.push(...segments);
    rejections.push(...rejected.map(({ reason }) => reason));
    while (batch.length >= batchSize) {
      segmentCount += await deliverBatch(options, batch.slice(0, batchSize));
      batch = batch.slice(batchSize);
    }
  }
  segmentCount += await deliverBatch(options, batch);
  if (segmentCount > 0) logger.info('rws.discovered', { segmentCount });
  if (rejections.length > 0) {
    const [reason] = rejections;
    logger.warn('rws.media-files-rejected', { rejectedCount: rejections.length, reason });
  }
}

/** @returns how many were new or changed */
async function deliverBatch(
  { state, deliver }: RoundOptions,
  batch: readonly SegmentMetadata[],
): Promise<number> {
  const fresh = await state.undelivered(batch);
  if (fresh.length === 0) return 0;
  await deliver(fresh);
  await state.recordDelivered(fresh);
  return fresh.length;
}
