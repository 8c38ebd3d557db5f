import { conversationIdOf } from '@exrec/gc-metadata';
import { sampleIds } from '@exrec/simulator';
import { waitFor } from '@exrec/testing';
import { mediaFile, newCallUUID } from '../sample-call.js';
import { consult, root, t0 } from './feed.js';
import { asFeed, startGcStack, type GcStack } from './gc-stack.js';
import { scenarios } from './scenarios.js';

let running: GcStack;
beforeAll(async () => {
  running = await startGcStack();
});
afterAll(() => running.stop());

/** The conversation is complete and nothing of it was refused. */
async function complete(callUUID: string) {
  const { gc } = running;
  const id = conversationIdOf(callUUID);
  await waitFor(`the conversation of ${callUUID}`, () => gc.conversation(id)?.isComplete === true, {
    timeoutMs: 180_000,
  }).catch(() => undefined);
  const conversation = gc.conversation(id);
  return {
    complete: conversation?.isComplete,
    missing: conversation?.missing,
    refused: conversation?.refused,
    events: conversation?.events.length,
  };
}

it('every scenario becomes a complete conversation of which nothing is refused', async () => {
  const { stack, gc } = running;
  const shiftMs = Date.now() - 120_000 - t0;
  const played = scenarios.filter(({ how }) => how?.endsByForce !== true);
  const calls = await Promise.all(
    played.map(async ({ name, feed, told }) => {
      const ids = { [root]: newCallUUID(), [consult]: newCallUUID() };
      await stack.postEvents(asFeed(feed, { ids, shiftMs }));
      return { name, callUUID: ids[root], told };
    }),
  );
  for (const { name, callUUID, told } of calls) {
    const found = await complete(callUUID);
    expect({ name, ...found }).toEqual({
      ...{ name, complete: true, missing: [], refused: [] },
      events: told.length,
    });
  }
  expect(gc.eventCounts()).toMatchObject({ refused: 0, duplicates: 0 });
});

it('a recording names the leg of its conversation', async () => {
  const { stack, gc } = running;
  const callUUID = newCallUUID();
  const shiftMs = Date.now() - 120_000 - t0;
  const [first] = scenarios;
  await stack.postEvents(asFeed(first?.feed ?? [], { ids: { [root]: callUUID }, shiftMs }));
  const times = {
    startTime: new Date(t0 + 30_000 + shiftMs).toISOString(),
    stopTime: new Date(t0 + 90_000 + shiftMs).toISOString(),
  };
  await stack.postMetadata(mediaFile(callUUID, 'a', times));
  const injection = await waitFor('the injection', () =>
    stack.exrp.received.find(({ audioFile }) => audioFile.startsWith(callUUID)),
  );
  await complete(callUUID);
  const { conversationId, communicationId } = injection.metadata;
  expect(conversationId).toBe(conversationIdOf(callUUID));
  expect(gc.conversation(conversationId)?.legs.get(communicationId)).toMatchObject({
    kind: 'user',
    name: '7105',
    recordingActive: true,
  });
});

it('a site without call events gets its conversation at the end, from the metadata', async () => {
  const { stack, gc } = running;
  const callUUID = newCallUUID();
  await stack.postMetadata(mediaFile(callUUID, 'a'));
  const injection = await waitFor('the injection', () =>
    stack.exrp.received.find(({ audioFile }) => audioFile.startsWith(callUUID)),
  );
  expect(await complete(callUUID)).toMatchObject({ complete: true, refused: [] });
  const { conversationId, communicationId } = injection.metadata;
  const legs = gc.conversation(conversationId)?.legs;
  expect(legs?.get(communicationId)).toMatchObject({ kind: 'user' });
  expect([...(legs?.values() ?? [])].map(({ kind }) => kind)).toContain('external');
});

it('an agent whose login is an e-mail is the user of that e-mail from the first call on', async () => {
  const { stack, gc } = running;
  const shiftMs = Date.now() - 120_000 - t0;
  const [first] = scenarios;
  const callUUID = newCallUUID();
  const feed = asFeed(first?.feed ?? [], { ids: { [root]: callUUID }, shiftMs });
  const login = (agentId: string | undefined) => agentId && `${agentId}@example.com`;
  await stack.postEvents(feed.map((event) => ({ ...event, agentId: login(event.agentId) })));
  expect(await complete(callUUID)).toMatchObject({ complete: true, refused: [] });
  const events = gc.conversations()[conversationIdOf(callUUID)] ?? [];
  const agents = events.flatMap(({ event }) => event.userId ?? []);
  expect(agents).toEqual([sampleIds.users.agent7105]);
});

it('an operator sees what GC does not know, the source, the legs, and that there are no orphans', async () => {
  const { stack, gc } = running;
  const unknown = scenarios.find(({ name }) => name.startsWith('18'));
  const callUUID = newCallUUID();
  const shiftMs = Date.now() - 120_000 - t0;
  await stack.postEvents(asFeed(unknown?.feed ?? [], { ids: { [root]: callUUID }, shiftMs }));
  await complete(callUUID);
  const { data: present } = await stack.get('/api/v1/configuration');
  expect(present.gaps).toContainEqual(
    expect.objectContaining({ kind: 'queue', name: 'VQ_Partners' }),
  );
  const { data: view } = await stack.get(`/api/v1/interactions/${callUUID}`);
  expect(view.conversations).toMatchObject([
    { interactionId: callUUID, legs: [{ kind: 'external' }, { kind: 'user', place: '7105' }] },
  ]);
  const events = gc.conversations()[conversationIdOf(callUUID)] ?? [];
  expect(events[0]?.event.sourceConfiguration).toMatchObject({ sourceId: present.source });
  expect((await stack.get('/api/v1/orphans')).data).toEqual({ items: [], nextCursor: null });
});
