import { Redis } from 'ioredis';
import { conversationIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import { newCallUUID } from '../sample-call.js';
import { consult, root, t0 } from './feed.js';
import { asFeed, startGcStack, untilKnown, type GcStack } from './gc-stack.js';
import { scenarios } from './scenarios.js';

let running: GcStack;
beforeAll(async () => {
  running = await startGcStack({ EXREC_LEDGER: 'on' });
});
afterAll(() => running.stop());

it.each(['after-journal', 'mid-send', 'after-send'])(
  'an EXCP that dies %s loses no event and changes none',
  async (crashPoint) => {
    const { stack, gc } = running;
    await stack.excp.kill();
    await stack.restart({ NODE_ENV: 'test', EXREC_CRASH_POINT: crashPoint });
    const attended = scenarios.find(({ name }) => name === '7 attended transfer');
    if (attended === undefined) throw new Error('no scenario');
    const before = { ...gc.eventCounts() };
    const ids = { [root]: newCallUUID(), [consult]: newCallUUID() };
    await stack.postEvents(asFeed(attended.feed, { ids, shiftMs: Date.now() - 120_000 - t0 }));
    await waitFor('the EXCP to die', () => stack.excp.exitCode() !== undefined || undefined, {
      timeoutMs: 180_000,
    }).catch(() => undefined);
    await stack.excp.kill();
    await stack.restart();
    await untilKnown(stack);
    const id = conversationIdOf(ids[root]);
    await waitFor('the conversation', () => gc.conversation(id)?.isComplete === true || undefined, {
      timeoutMs: 180_000,
    });
    await waitFor('its events to be noted as taken', async () => {
      const { conversations } = (await stack.get(`/api/v1/interactions/${ids[root]}`)).data;
      return conversations?.[0]?.complete === true || undefined;
    });
    await waitFor('the ledger to be told', async () => {
      return (await toldStates(stack, ids[root])).at(-1) === 'finished complete' || undefined;
    });
    // Told in the same steps: nothing twice, whoever goes on with what was left.
    const states = await toldStates(stack, ids[root]);
    expect(states[0]).toBe('open');
    expect(new Set(states).size).toBe(states.length);
    expect(gc.conversation(id)).toMatchObject({ missing: [], refused: [] });
    expect(gc.conversation(id)?.events).toHaveLength(attended.told.length);
    expect(gc.eventCounts().refused).toBe(before.refused);
    // Sent twice only where GC had it and nobody knew.
    const duplicates = gc.eventCounts().duplicates - before.duplicates;
    expect(duplicates > 0).toBe(crashPoint === 'after-send');
  },
);

/** How the ledger was told that a call and its conversation stand, in the order of the stream. */
async function toldStates({ redis: { url } }: GcStack['stack'], callUUID: string) {
  const redis = new Redis(url);
  const entries = await redis.xrange('{exrec}:ledger', '-', '+');
  redis.disconnect();
  return entries.flatMap(([, [, , , kind, , id, , data = '']]) => {
    if (kind !== 'interaction' || id !== callUUID) return [];
    const { state, conversationState = '' } = JSON.parse(data) as Record<string, string>; // as it was told
    return [`${state} ${conversationState}`.trim()];
  });
}
