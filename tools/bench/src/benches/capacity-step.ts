import { setTimeout as sleep } from 'node:timers/promises';
import { slopeOf, startCalls, type System } from '@exrec/chaos';
import { recordingIdOf } from '@exrec/gc-metadata';
import { sampleCalls, type PlayedScenario } from '@exrec/simulator';
import { quantile } from '../measure/median.js';
import { sharesOf, usageOf, type Shares } from './capacity-usage.js';

/** What calls at one rate came to. */
export type Step = Shares & {
  /** Calls a second that were begun. */
  readonly perSecond: number;
  /** p99 from the end of a call until S3 has its recording; Infinity: not within a minute after the last call. */
  readonly ms: number;
  /** The same, had the rate been kept up for `keptUpMs`. */
  readonly keptUpP99Ms: number;
  readonly missing: number;
};

/** A rate that is too high makes calls later and later: a short step shows it by how fast, not by how late they are. */
const keptUpMs = 300_000;
/** What is late by more than this is not waited for. */
const patienceMs = 60_000;

export async function step(system: System, perSecond: number, forMs: number): Promise<Step> {
  const [before, fromMs] = [usageOf(system), Date.now()];
  // At this speed a call is over when it begins, and whatever it waits for from then on is the system's.
  const ended = new Map<PlayedScenario, number>();
  const calls = startCalls({
    ...{ system, seed: fromMs, perSecond, speed: Infinity, catchesUp: true },
    scenarios: sampleCalls().filter(({ name }) => name === 'queue-call'),
    onPlayed: (call, dueAtMs) => void ended.set(call, dueAtMs),
  });
  await sleep(forMs);
  calls.end();
  const tookMs = Date.now() - fromMs;
  const shares = sharesOf(before, usageOf(system));
  await calls.finished(patienceMs).catch(() => undefined);
  await untilUploaded(system, calls.played);
  const lateness = latenessOf(system, ended);
  const missing = Math.max(0, calls.begun() - lateness.length);
  const all = [...lateness.map(({ ms }) => ms), ...Array<number>(missing).fill(Infinity)];
  const ms = p99(all);
  return {
    ...{ perSecond: calls.begun() / (tookMs / 1_000), ms, missing },
    ...shares,
    keptUpP99Ms: ms + growth(lateness) * Math.max(0, keptUpMs - tookMs),
  };
}

type Lateness = { readonly endedMs: number; readonly ms: number };

/** How much later calls become with each millisecond, once the first ones are through; they don't become earlier and earlier. */
function growth(lateness: readonly Lateness[]): number {
  const inTurn = lateness.toSorted((left, right) => left.endedMs - right.endedMs);
  const later = inTurn.slice(Math.floor(inTurn.length / 2));
  return Math.max(0, slopeOf(later.map(({ endedMs, ms }) => [endedMs, ms])));
}

/** Where nothing arrived at all no value lies between others. */
function p99(values: readonly number[]): number {
  const found = values.length === 0 ? Infinity : quantile(values, 0.99);
  return Number.isNaN(found) ? Infinity : found;
}

async function untilUploaded({ gc }: System, played: readonly PlayedScenario[]): Promise<void> {
  const giveUpAtMs = Date.now() + patienceMs;
  const wanted = idsOf(played);
  while (Date.now() < giveUpAtMs) {
    const arrived = new Set(gc.recordings().map(({ recordingId }) => recordingId));
    if (wanted.every((id) => arrived.has(id))) return;
    await sleep(500);
  }
}

function latenessOf({ gc }: System, ended: ReadonlyMap<PlayedScenario, number>): Lateness[] {
  const uploadedAtMs = new Map(
    gc.recordings().map(({ recordingId, uploadedAt }) => [recordingId, Date.parse(uploadedAt)]),
  );
  return [...ended].flatMap(([call, endedMs]) =>
    idsOf([call]).flatMap((id) => {
      const atMs = uploadedAtMs.get(id);
      return atMs === undefined ? [] : [{ endedMs, ms: atMs - endedMs }];
    }),
  );
}

function idsOf(played: readonly PlayedScenario[]): string[] {
  return played.flatMap(({ segments }) => segments.map(({ mediaId }) => recordingIdOf(mediaId)));
}
