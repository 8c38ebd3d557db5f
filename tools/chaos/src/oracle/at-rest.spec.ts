import { lookAtRest } from './at-rest.js';
import { judge } from './judge.js';
import type { SeenRecording, Standing } from './seen.js';

const nowMs = Date.UTC(2026, 2, 2, 9);
const farMs = Number.POSITIVE_INFINITY;

const standing = (state: string): Standing => {
  const isWaiting = state === 'waiting';
  const cause = isWaiting ? 'audio-incomplete' : null;
  return { state, cause, audioSha256: null, nextTryAtMs: isWaiting ? nowMs + 1_000 : null };
};

/** A sample call whose audio is cut short, by what EXRP and the ledger say of it. */
const cutShort = (exrp: string, ledger: string): SeenRecording => ({
  recordingId: 'r',
  expected: { state: 'waiting', cause: 'audio-incomplete', queue: null, sta: { reason: 'x' } },
  audioSha256: 'ab'.repeat(32),
  excp: { state: 'dispatched', cause: null },
  exrp: standing(exrp),
  ledger: standing(ledger),
  genesysCloud: undefined,
});

/** Each look finds the next of these, and the last one from then on. */
const looking = (...seen: SeenRecording[]) => {
  let looks = 0;
  const look = () => {
    const found = seen[Math.min(looks, seen.length - 1)];
    looks += 1;
    return found === undefined ? Promise.reject(new Error('nothing')) : Promise.resolve(found);
  };
  return { look, looks: () => looks };
};

const names = (seen: SeenRecording) =>
  judge([seen], { nowMs, refusals: new Map() }).map(({ name }) => name);

it('judges an attempt that goes on by how it ends, in the ledger, too', async () => {
  const { look, looks } = looking(
    cutShort('fetching', 'waiting'),
    cutShort('waiting', 'fetching'),
    cutShort('waiting', 'waiting'),
  );
  expect(names(await lookAtRest(look, { untilMs: farMs, pauseMs: 0 }))).toEqual([]);
  expect(looks()).toBe(3);
});

it('takes one that does not end for what it is', async () => {
  const { look } = looking(cutShort('uploading', 'uploading'));
  const seen = await lookAtRest(look, { untilMs: Date.now() + 20, pauseMs: 1 });
  expect(names(seen)).toContain('never-ended');
});

it('looks once at what is at rest, whatever is wrong with it', async () => {
  const { look, looks } = looking(cutShort('failed', 'waiting'));
  await lookAtRest(look, { untilMs: farMs });
  expect(looks()).toBe(1);
});
