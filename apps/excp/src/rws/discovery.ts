import { Failure, type Logger, type PeriodicJob } from '@exrec/service-kit';
import type { SegmentMetadata } from '../interaction/index.js';
import type { DiscoveryState } from './discovery-state.js';
import type { RwsClient, TimeWindow } from './rws-client.js';

export interface DiscoveryOptions {
  readonly client: Pick<RwsClient, 'search'>;
  readonly state: DiscoveryState;
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

/**
 * Discovery (CONTRACTS 2.4, 9.5): a job for `startPeriodicJobs` that looks for recordings by time. The watermark moves only
 * when all pages of a window were delivered; after an outage it catches up hour by hour. A pause that RWS asked for is kept.
 */
export function createDiscovery(options: DiscoveryOptions): PeriodicJob {
  const { everyMs, now = Date.now } = options;
  let notBeforeMs = 0;
  const run = async () => {
    if (now() < notBeforeMs) return;
    try {
      await look({ ...options, now });
    } catch (error) {
      if (error instanceof Failure) notBeforeMs = now() + (error.retryAfterMs ?? 0);
      throw error;
    }
  };
  return { name: 'rws-discovery', everyMs, run };
}

type LookOptions = DiscoveryOptions & Required<Pick<DiscoveryOptions, 'now'>>;

async function look(options: LookOptions): Promise<void> {
  const { state, overlapMs, now } = options;
  const nowMs = now();
  // A watermark that lies ahead was made by a clock that was wrong.
  let doneMs = Math.min(await state.watermarkMs(nowMs - Math.ceil(overlapMs)), nowMs);
  do {
    const untilMs = Math.min(doneMs + hourMs, nowMs);
    await deliverWindow(options, { fromMs: doneMs - Math.ceil(overlapMs), untilMs });
    await state.moveWatermark(untilMs);
    doneMs = untilMs;
  } while (doneMs < nowMs);
  await state.forgetDeliveredBefore(doneMs - Math.ceil(overlapMs));
}

async function deliverWindow(options: LookOptions, window: TimeWindow): Promise<void> {
  const { client, logger } = options;
  const rejections: string[] = [];
  let batch: SegmentMetadata[] = [];
  let segmentCount = 0;
  for await (const { segments, rejected } of client.search(window)) {
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
  { state, deliver }: LookOptions,
  batch: readonly SegmentMetadata[],
): Promise<number> {
  const fresh = await state.undelivered(batch);
  if (fresh.length === 0) return 0;
  await deliver(fresh);
  await state.noteDelivered(fresh);
  return fresh.length;
}
