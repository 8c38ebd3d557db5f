import { conversationIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import { newCallUUID } from '../sample-call.js';
import { consult, root, t0 } from './feed.js';
import { asFeed, startGcStack, untilKnown, type GcStack } from './gc-stack.js';
import { scenarios } from './scenarios.js';

let running: GcStack;
beforeAll(async () => {
  running = await startGcStack();
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
    expect(gc.conversation(id)).toMatchObject({ missing: [], refused: [] });
    expect(gc.conversation(id)?.events).toHaveLength(attended.told.length);
    expect(gc.eventCounts().refused).toBe(before.refused);
    // Sent twice only where GC had it and nobody knew.
    const duplicates = gc.eventCounts().duplicates - before.duplicates;
    expect(duplicates > 0).toBe(crashPoint === 'after-send');
  },
);
