import { conversationIdOf } from '@exrec/gc-metadata';
import { waitFor, type StartedApp } from '@exrec/testing';
import { newCallUUID } from '../sample-call.js';
import { consult, root, t0 } from './feed.js';
import { asFeed, startGcStack, type GcStack } from './gc-stack.js';
import { scenarios } from './scenarios.js';

let running: GcStack;
let second: StartedApp;
beforeAll(async () => {
  running = await startGcStack();
  second = await running.stack.another();
});
afterAll(() => running.stop());

const played = scenarios.filter(({ how }) => how?.endsByForce !== true);

/** Half of each feed to every EXCP given, then the rest. */
function calls() {
  const shiftMs = Date.now() - 120_000 - t0;
  return played.map(({ name, feed, told }) => {
    const ids = { [root]: newCallUUID(), [consult]: newCallUUID() };
    const events = asFeed(feed, { ids, shiftMs });
    const middle = Math.ceil(events.length / 2);
    const halves = [events.slice(0, middle), events.slice(middle)] as const;
    return { name, callUUID: ids[root], halves, told };
  });
}

async function everythingIsTold(all: ReturnType<typeof calls>): Promise<void> {
  const { gc } = running;
  for (const { name, callUUID, told } of all) {
    const id = conversationIdOf(callUUID);
    const conversation = await waitFor(
      `the conversation of ${name}`,
      () => {
        const found = gc.conversation(id);
        return found?.isComplete === true && found.events.length === told.length && found;
      },
      { timeoutMs: 180_000 },
    );
    expect({ name, refused: conversation.refused }).toEqual({ name, refused: [] });
  }
}

it('two EXCPs with the whole feed each tell everything once', async () => {
  const { stack, gc } = running;
  const all = calls();
  for (const half of [0, 1] as const) {
    await Promise.all(
      all.flatMap(({ halves }) =>
        [stack.excp, second].map((app) => stack.postEvents(halves[half], { app })),
      ),
    );
  }
  await everythingIsTold(all);
  expect(gc.eventCounts()).toMatchObject({ refused: 0, duplicates: 0 });
});

it('when the one that sends is killed the other goes on, and every event has one content', async () => {
  const { stack, gc } = running;
  const all = calls();
  await Promise.all(
    all.flatMap(({ halves }) =>
      [stack.excp, second].map((app) => stack.postEvents(halves[0], { app })),
    ),
  );
  // It was there first, so it is the one that sends.
  await stack.excp.kill();
  await Promise.all(all.map(({ halves }) => stack.postEvents(halves[1], { app: second })));
  await everythingIsTold(all);
  expect(gc.eventCounts().refused).toBe(0);
});
