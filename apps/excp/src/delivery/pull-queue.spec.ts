import { createMetrics, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import type { Job } from 'bullmq';
import { loaded, segmentOf } from '../../test/kept-calls.js';
import { newCallUUID } from '../../test/sample-call.js';
import { CallLog } from '../call-log/call-log.js';
import type { KeptInteraction, PullRecord } from '../call-log/kept-interaction.js';
import { excpMetrics } from '../metrics/excp-metrics.js';
import { nextCheck, nextPull, PullWorker, type PullJob } from './pull-queue.js';
import type { PullOutcome } from './segment-source.js';

const nowMs = 1_000_000;
const complete = { kind: 'complete' } as const;
const again = { kind: 'again', nextTryAtMs: nowMs + 5_000, cause: 'rws-unavailable' } as const;
const missing = { kind: 'missing', cause: 'no-recording', isOwed: true } as const;

describe('a pull', () => {
  const before: PullRecord = { state: 'pending', attempts: 2, startedAtMs: 7, cause: 'earlier' };
  it.each([
    ['is complete', complete, { state: 'complete', attempts: 3, startedAtMs: 7 }],
    [
      'goes on, and says why and until when',
      again,
      {
        ...{ state: 'pending', attempts: 3, startedAtMs: 7 },
        ...{ cause: 'rws-unavailable', nextTryAtMs: nowMs + 5_000 },
      },
    ],
    [
      'is given up',
      missing,
      { state: 'missing', attempts: 3, startedAtMs: 7, cause: 'no-recording' },
    ],
  ] as const)('%s', (_name, next, after) => {
    expect(nextPull(before, next)).toEqual(after);
  });
});

describe('after a pull, the interaction is looked at', () => {
  const settled: Pick<KeptInteraction, 'callOfMedia' | 'dispatches' | 'endRequested'> = {
    callOfMedia: new Map([['a.opus', 'a call']]),
    dispatches: new Map([['a.opus', { state: 'dispatched', atMs: 1 }]]),
    endRequested: false,
  };
  const waiting = { ...settled, dispatches: new Map() };
  it.each([
    ['at once when a segment waits for the answer', waiting, again, 0],
    ['at once when an administrator asks', { ...settled, endRequested: true }, again, 0],
    ['at once when nothing more is to come', settled, complete, 0],
    ['at once when it is given up', settled, missing, 0],
    ['later when it only waits itself', settled, again, 600_000],
  ] as const)('%s', (_name, kept, next, afterMs) => {
    expect(nextCheck(kept, next, nowMs)).toBe(nowMs + afterMs);
  });
});

describe('PullWorker', () => {
  const redis = ownRedis();
  let callLog: CallLog;
  beforeEach(() => {
    const periods = { quietPeriodMs: 1, settleMs: 1, maxInteractionMs: 1, keepMs: 3_600_000 };
    callLog = new CallLog({ redis: redis(), prefix: '{exrec}', now: Date.now, ...periods });
  });

  /** A call whose metadata are pulled, unless the fields say otherwise; more comes while the source is asked. */
  async function pulled(outcome: PullOutcome, more: Record<string, string | undefined> = {}) {
    const callUUID = newCallUUID();
    await callLog.append([segmentOf(callUUID)]);
    const pull = JSON.stringify({ state: 'pending', attempts: 0, startedAtMs: 1 });
    const fields = { endedAtMs: '1', endedWhy: 'quiet', pull, ...more };
    const writes = Object.entries(fields).map(([field, value]) => ({ callUUID, field, value }));
    await callLog.commit(await loaded(callLog, callUUID), { writes });
    let asked = 0;
    const worker = new PullWorker({
      ...{ callLog, metrics: excpMetrics(createMetrics('excp')), logger: silentLogger },
      now: Date.now,
      source: {
        pullSegments: async () => {
          asked += 1;
          await callLog.append([segmentOf(callUUID, `came-${asked}`)]);
          return outcome;
        },
      },
    });
    await worker.process({ data: { callUUID } } as Job<PullJob, void>);
    return { asked, kept: await loaded(callLog, callUUID) };
  }

  const found = (): PullOutcome => {
    const entry = segmentOf(newCallUUID(), 'found');
    return { segments: entry.kind === 'segment' ? [entry.segment] : [], next: complete };
  };

  it('notes the answer though metadata came while it was asked', async () => {
    const { kept } = await pulled({ segments: [], next: complete });
    expect(kept.pull).toMatchObject({ state: 'complete', attempts: 1 });
    expect(kept.callOfMedia.size).toBe(2);
  });

  it('has what it found take the way of all metadata', async () => {
    const outcome = found();
    await pulled(outcome);
    const [segment] = outcome.segments;
    const kept = await loaded(callLog, segment?.callUUID ?? '');
    expect([...kept.callOfMedia.keys()]).toEqual([segment?.mediaId]);
  });

  it.each([
    ['has not ended', { endedAtMs: undefined }],
    [
      'has its metadata',
      { pull: JSON.stringify({ state: 'complete', attempts: 1, startedAtMs: 1 }) },
    ],
    ['cannot be read as a whole', { 'e:x': 'not JSON' }],
  ])('does not ask about an interaction that %s', async (_name, fields) => {
    expect((await pulled(found(), fields)).asked).toBe(0);
  });
});
