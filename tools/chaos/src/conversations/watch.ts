import { conversationIdOf } from '@exrec/gc-metadata';
import type { GcSimulator } from '@exrec/simulator';

/** What Genesys Cloud had got at one moment. */
type Sample = { readonly atMs: number; readonly requests: number; readonly uploads: number };

export type Watch = {
  /** Most requests for events in any minute. */
  mostRequestsInAMinute(): number;
  /** Recordings that came from one moment to another, epoch ms. */
  uploads(fromMs: number, toMs: number): number;
  stop(): void;
};

const everyMs = 500;
const minuteMs = 60_000;

/** Looks at Genesys Cloud twice a second. */
export function watch(gc: GcSimulator): Watch {
  const samples: Sample[] = [];
  const check = () => {
    const { requests } = gc.eventCounts();
    samples.push({ atMs: Date.now(), requests, uploads: gc.recordings().length });
  };
  check();
  const timer = setInterval(check, everyMs);
  const before = (atMs: number) => samples.findLast((sample) => sample.atMs <= atMs) ?? samples[0];
  return {
    mostRequestsInAMinute: () =>
      Math.max(
        0,
        ...samples.map(({ atMs, requests }) => requests - (before(atMs - minuteMs)?.requests ?? 0)),
      ),
    uploads: (fromMs, toMs) => (before(toMs)?.uploads ?? 0) - (before(fromMs)?.uploads ?? 0),
    stop: () => clearInterval(timer),
  };
}

/** What became of the conversations of these calls. */
export type Told = {
  readonly calls: number;
  readonly complete: number;
  readonly taken: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Events that came after a later one of the same conversation. */
  readonly outOfOrder: number;
  /** From the call event until Genesys Cloud had it, seconds. */
  readonly seconds: { readonly p50: number; readonly p95: number; readonly p99: number };
};

export function toldOf(gc: GcSimulator, callUUIDs: readonly string[]): Told {
  const conversations = callUUIDs.map((callUUID) => gc.conversation(conversationIdOf(callUUID)));
  const delays: number[] = [];
  let outOfOrder = 0;
  for (const conversation of conversations) {
    let lastMs = 0;
    for (const { event, takenAtMs } of conversation?.events ?? []) {
      const atMs = Date.parse(String(event.eventDateTime));
      if (atMs < lastMs) outOfOrder += 1;
      lastMs = Math.max(lastMs, atMs);
      delays.push((takenAtMs - atMs) / 1000);
    }
  }
  delays.sort((left, right) => left - right);
  const quantile = (share: number) =>
    Math.round((delays[Math.ceil(delays.length * share) - 1] ?? 0) * 100) / 100;
  const { taken, duplicates, refused } = gc.eventCounts();
  return {
    calls: callUUIDs.length,
    complete: conversations.filter((conversation) => conversation?.isComplete === true).length,
    ...{ taken, duplicates, refused, outOfOrder },
    seconds: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
  };
}

/** Whether Genesys Cloud has every conversation of these calls, complete. */
export function areComplete(gc: GcSimulator, callUUIDs: readonly string[]): boolean {
  return callUUIDs.every((callUUID) => {
    return gc.conversation(conversationIdOf(callUUID))?.isComplete === true;
  });
}
