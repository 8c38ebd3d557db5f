import { consultCall, rootCall } from '../../test/feed/feed.js';
import { endOf } from './end.js';

describe('endOf', () => {
  const facts = {
    nowMs: 0,
    lastSeenAtMs: 1_000_000,
    quietPeriodMs: 30_000,
    settleMs: 2000,
    maxInteractionMs: 43_200_000,
    takingForMs: 3_600_000_000,
    endedByAdmin: false,
  };
  const heard = { callUUID: rootCall, knownBy: 'events' as const };
  const over = { hasCallEvents: true, openCallUUIDs: [], calls: [heard] };
  const talking = { hasCallEvents: true, openCallUUIDs: [rootCall], calls: [heard] };
  const metadataOnly = { hasCallEvents: false, openCallUUIDs: [], calls: [] };
  const orphan = {
    hasCallEvents: true,
    openCallUUIDs: [rootCall],
    calls: [
      { ...heard, callUUID: consultCall },
      { callUUID: rootCall, knownBy: 'parent' as const },
    ],
  };
  const openOrphan = { ...orphan, openCallUUIDs: [rootCall, consultCall] };
  it.each([
    ['all calls deleted', over, 2000, 'calls-deleted'],
    ['no call event ever', metadataOnly, 30_000, 'quiet'],
    ['a call still open', talking, 43_200_000, 'timed-out'],
    ['a consult whose parent nobody knows', orphan, 30_000, 'parent-unknown'],
    ['the same, still open', openOrphan, 43_200_000, 'timed-out'],
  ])('%s: ends after its time and not a millisecond before', (_name, interaction, afterMs, why) => {
    const dueAtMs = facts.lastSeenAtMs + afterMs;
    expect(endOf(interaction, { ...facts, nowMs: dueAtMs - 1 })).toEqual({
      ended: false,
      nextCheckAtMs: dueAtMs,
    });
    expect(endOf(interaction, { ...facts, nowMs: dueAtMs })).toEqual({ ended: true, why });
  });

  it.each([
    ['no call event ever', metadataOnly, 'quiet'],
    ['a consult whose parent nobody knows', orphan, 'parent-unknown'],
    ['a call still open', talking, 'timed-out'],
  ])('%s: waits anew after a break in which everything was refused', (_name, interaction, why) => {
    const takenAgainAtMs = facts.lastSeenAtMs + 13 * 3_600_000;
    const at = (nowMs: number) => ({ ...facts, nowMs, takingForMs: nowMs - takenAgainAtMs });
    const dueAtMs = takenAgainAtMs + 30_000;
    const waiting = { ended: false, nextCheckAtMs: dueAtMs };
    expect(endOf(interaction, at(takenAgainAtMs))).toEqual(waiting);
    expect(endOf(interaction, at(dueAtMs - 1))).toEqual(waiting);
    expect(endOf(interaction, at(dueAtMs))).toEqual({ ended: true, why });
  });

  it('waits five minutes after a break, however long the quiet period is', () => {
    const quietPeriodMs = 3_600_000;
    const late = { ...facts, quietPeriodMs, nowMs: facts.lastSeenAtMs + quietPeriodMs };
    const ending = endOf(metadataOnly, { ...late, takingForMs: 299_999 });
    expect(ending).toEqual({ ended: false, nextCheckAtMs: late.nowMs + 1 });
    const ended = endOf(metadataOnly, { ...late, takingForMs: 300_000 });
    expect(ended).toEqual({ ended: true, why: 'quiet' });
  });

  it('waits for nothing after a break when all calls are known to be over', () => {
    const late = { ...facts, nowMs: facts.lastSeenAtMs + 2000, takingForMs: 0 };
    expect(endOf(over, late)).toEqual({ ended: true, why: 'calls-deleted' });
  });

  it('ends at once when an administrator says so', () => {
    expect(endOf(talking, { ...facts, endedByAdmin: true })).toEqual({ ended: true, why: 'admin' });
  });

  it('never waits longer than an interaction may last', () => {
    const short = { ...facts, maxInteractionMs: 10_000, nowMs: facts.lastSeenAtMs + 10_000 };
    expect(endOf(metadataOnly, short)).toEqual({ ended: true, why: 'timed-out' });
  });
});
