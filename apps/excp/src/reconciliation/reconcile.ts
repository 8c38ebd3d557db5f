import { recordingIdOf } from '@exrec/gc-metadata';
import type { Logger } from '@exrec/service-kit';
import type { CallLog } from '../call-log/call-log.js';
import type { InteractionList } from '../call-log/interaction-list.js';
import type { KeptInteraction } from '../call-log/kept-interaction.js';
import type { KnownMedia } from '../call-log/known-media.js';
import {
  compareSegment,
  isUnknownSegment,
  isWithoutMetadata,
  isWorthSending,
  type EndedSegment,
} from './compare.js';
import { dispatchAgain } from './dispatch-again.js';
import { lookupSize, type ExrpRecords } from './exrp-records.js';
import { Tally, type Difference, type ReconciliationResult } from './tally.js';

export type ReconcileOptions = {
  readonly callLog: CallLog;
  readonly list: InteractionList;
  readonly knownMedia: KnownMedia;
  readonly exrp: ExrpRecords;
  readonly logger: Logger;
  readonly now: () => number;
};

type Run = ReconcileOptions & {
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** Recordings that EXRP does not know although their audio file is there. */
  readonly files: Set<number>;
  /** When Redis lost writes the last time, epoch ms; 0: never. */
  readonly lostAtMs: number;
};

/** Names asked for at once. */
const batchSize = 500;
/** Interactions read at the same time: Redis has others to serve. */
const readsAtOnce = 8;
/** Bounds the memory of a run that finds EXRP's recordings lost; the next run goes on. */
const maxFilesWithoutRecording = 500_000;

/**
 * Compares EXCP's segments, EXRP's recordings and the audio files (docs/design/CONTRACTS.md#1-words, docs/design/DESIGN.md), and sends again what was
 * never dispatched. Reads all three as they come, in batches: memory does not grow with their number.
 * @param lostAtMs when Redis lost writes the last time, epoch ms
 * @throws Failure `exrp-unavailable`, errors of Redis, or the signal's reason
 */
export async function reconcile(
  options: ReconcileOptions,
  signal: AbortSignal,
  lostAtMs = 0,
): Promise<ReconciliationResult> {
  const startedAtMs = options.now();
  const run: Run = { ...options, signal, lostAtMs, tally: new Tally(), files: new Set() };
  await compareAudioFiles(run);
  await compareSegments(run);
  await compareRecordings(run);
  return run.tally.result(startedAtMs, options.now());
}

async function compareAudioFiles(run: Run): Promise<void> {
  const { exrp, knownMedia, tally, files, lostAtMs, now } = run;
  for await (const batch of inBatches(run, exrp.audioFiles(), batchSize)) {
    const strangers = batch.filter(({ state }) => state === null);
    const known = await knownMedia(strangers.map(({ name }) => name));
    batch.forEach(() => tally.audioFile());
    strangers.forEach((file, index) => {
      const isKnown = known[index] ?? false;
      if (isKnown && files.size < maxFilesWithoutRecording) files.add(shortIdOf(file.name));
      if (!isWithoutMetadata(file, isKnown, now(), lostAtMs)) return;
      const since = iso(file.modifiedAtMs);
      tally.difference('file-without-metadata', { mediaId: file.name, since });
    });
  }
}

type Placed = EndedSegment & { readonly callUUID: string };

async function compareSegments(run: Run): Promise<void> {
  for await (const batch of inBatches(run, endedSegments(run), lookupSize)) {
    const ids = batch.map(({ mediaId }) => recordingIdOf(mediaId));
    const recordings = await run.exrp.lookup(ids);
    for (const [index, segment] of batch.entries()) {
      const recording = recordings[index] ?? { state: null, cause: null };
      const { standing, difference, cause, sinceMs } = compareSegment(
        segment,
        recording,
        run.now(),
      );
      run.tally.segment(standing);
      if (difference === undefined) continue;
      const found = differenceOf(segment, cause, sinceMs);
      const repair = difference === 'never-dispatched' ? await mend(run, segment) : {};
      run.tally.difference(difference, { ...found, ...repair });
    }
  }
}

/** Every segment of an interaction that is over. */
async function* endedSegments(run: Run): AsyncGenerator<Placed> {
  for await (const { area, callUUIDs } of run.list.all()) {
    for (let start = 0; start < callUUIDs.length; start += readsAtOnce) {
      const some = callUUIDs.slice(start, start + readsAtOnce);
      const loaded = await Promise.all(some.map((callUUID) => run.callLog.load(callUUID)));
      for (const [index, kept] of loaded.entries()) {
        if (kept === undefined || kept.stored.rootCallUUID !== some[index]) continue;
        const wasMetBefore = area === 'live' && kept.stored.archive !== 'none';
        if (wasMetBefore) continue;
        if (kept.held === undefined) yield* segmentsOf(run, kept);
        else run.tally.difference('unreadable-interaction', { callUUID: some[index] ?? '' });
      }
    }
  }
}

function* segmentsOf({ tally }: Run, kept: KeptInteraction): Generator<Placed> {
  for (const [mediaId, callUUID] of kept.callOfMedia) {
    if (kept.ended === undefined) tally.openSegment();
    else {
      const dispatch = kept.dispatches.get(mediaId);
      yield { mediaId, callUUID, endedAtMs: kept.ended.atMs, dispatch };
    }
  }
}

/** Sends a segment again that nothing else will send. */
async function mend(run: Run, segment: Placed): Promise<Pick<Difference, 'cause' | 'repair'>> {
  const hasFile = run.files.has(shortIdOf(segment.mediaId));
  if (!isWorthSending(segment, hasFile, run.now())) return { cause: 'audio-gone' };
  const isSent = await dispatchAgain(run.callLog, segment, run.now());
  return isSent ? { repair: 'dispatched-again' } : {};
}

async function compareRecordings(run: Run): Promise<void> {
  const { exrp, knownMedia, tally, now } = run;
  for await (const batch of inBatches(run, exrp.unconfirmed(), batchSize)) {
    const known = await knownMedia(batch.map(({ audioFile }) => audioFile));
    for (const [index, { audioFile: mediaId, acceptedAtMs }] of batch.entries()) {
      if (!isUnknownSegment({ acceptedAtMs }, known[index] ?? false, now())) continue;
      const [recordingId, since] = [recordingIdOf(mediaId), iso(acceptedAtMs)];
      tally.difference('unknown-segment', { mediaId, recordingId, since });
    }
  }
}

async function* inBatches<T>(
  { signal }: Run,
  items: AsyncIterable<T>,
  size: number,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    signal.throwIfAborted();
    yield batch;
    batch = [];
  }
  signal.throwIfAborted();
  if (batch.length > 0) yield batch;
}

function differenceOf(
  { mediaId, callUUID }: Placed,
  cause: string | undefined,
  sinceMs: number | undefined,
): Difference {
  return {
    mediaId,
    recordingId: recordingIdOf(mediaId),
    callUUID,
    ...(cause === undefined ? {} : { cause }),
    ...(sinceMs === undefined ? {} : { since: iso(sinceMs) }),
  };
}

/** 48 bits of the recordingId: a number takes a tenth of the memory of a name. */
function shortIdOf(mediaId: string): number {
  return Number.parseInt(recordingIdOf(mediaId).replaceAll('-', '').slice(0, 12), 16);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
