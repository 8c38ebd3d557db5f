import { conversationIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import type { CallEvent } from '../../src/interaction/index.js';
import { mediaFile, newCallUUID } from '../sample-call.js';
import { root, t0, tell, trunk } from './feed.js';
import { asFeed, startGcStack, type GcStack } from './gc-stack.js';
import { over, viaQueue } from './scenario.js';
import { scenarios } from './scenarios.js';

let running: GcStack;
let organization: ReturnType<GcStack['gc']['configuration']>;
beforeAll(async () => {
  running = await startGcStack();
  organization = running.gc.configuration();
});
afterEach(async () => {
  running.gc.configure(organization);
  await running.gc.faults.clear();
});
afterAll(() => running.stop());

const hourMs = 3_600_000;
const feedOf = (name: string) => scenarios.find((each) => each.name.startsWith(name))?.feed ?? [];

/** Plays a call that began so long ago, and is over; with a recording of its agent. */
async function play(events: readonly CallEvent[], agoMs = 120_000) {
  const { stack } = running;
  const callUUID = newCallUUID();
  const shiftMs = Date.now() - agoMs - t0;
  const { status, data } = await stack.postEvents(
    asFeed(events, { ids: { [root]: callUUID }, shiftMs }),
  );
  const times = {
    startTime: new Date(t0 + 40_000 + shiftMs).toISOString(),
    stopTime: new Date(t0 + 50_000 + shiftMs).toISOString(),
  };
  await stack.postMetadata(mediaFile(callUUID, 'a', times));
  return { callUUID, status, data, injection: await dispatched(callUUID) };
}

/** Nothing about its conversation may hold up a recording. */
function dispatched(callUUID: string) {
  const { stack } = running;
  return waitFor('the injection', () =>
    stack.exrp.received.find(({ audioFile }) => audioFile.startsWith(callUUID)),
  );
}

type View = {
  readonly flags: readonly string[];
  readonly segments: readonly { readonly flags: readonly string[] }[];
  readonly conversations: readonly {
    readonly complete: boolean;
    readonly legs: readonly { readonly kind: string; readonly place: string; gap: boolean }[];
    readonly events: readonly { kind: string; state: string; message: string | null }[];
  }[];
};

/** What EXCP shows once GC has answered all. */
function settled(callUUID: string): Promise<View> {
  const { stack } = running;
  return waitFor(
    `the conversation of ${callUUID} to be settled`,
    async () => {
      const { data } = await stack.get(`/api/v1/interactions/${callUUID}`);
      const view = data as View;
      const events = view.conversations.flatMap((conversation) => conversation.events);
      const isSettled = events.every(({ state }) => state !== 'planned' && state !== 'sent');
      const isOver = view.conversations.at(0)?.complete === true;
      return events.length > 0 && isSettled && isOver ? view : undefined;
    },
    { timeoutMs: 180_000 },
  );
}

const statesOf = ({ conversations }: View, kind: string) =>
  conversations.flatMap(({ events }) =>
    events.filter((event) => event.kind === kind).map(({ state }) => state),
  );

const legsOf = (callUUID: string) =>
  [...(running.gc.conversation(conversationIdOf(callUUID))?.legs.values() ?? [])].map(
    ({ kind, name }) => `${kind} ${name}`,
  );

it('a user who has vanished becomes a phone, and all else goes on', async () => {
  const { gc } = running;
  const users = organization.users.map((user) =>
    user.email.startsWith('agent7201') ? { ...user, state: 'inactive' as const } : user,
  );
  gc.configure({ ...organization, users });
  const { callUUID } = await play(feedOf('6 blind'));
  const view = await settled(callUUID);
  expect(statesOf(view, 'phoneEstablished')).toEqual(['taken']);
  expect(statesOf(view, 'userTransfer')).toEqual(['refused']);
  expect(legsOf(callUUID)).toContain('phone 7201');
  expect(gc.conversation(conversationIdOf(callUUID))?.isComplete).toBe(true);
  expect(view.flags).toEqual([]);
});

it('a queue that has vanished is a gap, and the recording is in its conversation all the same', async () => {
  const { gc, stack } = running;
  const queues = organization.queues.filter(({ name }) => name !== 'Tech Support');
  gc.configure({ ...organization, queues });
  const { callUUID } = await play(feedOf('1 inbound'));
  const view = await settled(callUUID);
  expect(legsOf(callUUID)).toEqual(['external Trunk_SBC1', 'user 7105']);
  expect(gc.conversation(conversationIdOf(callUUID))?.isComplete).toBe(true);
  expect(view.flags).toEqual(['conversation-gap']);
  expect(view.segments).toMatchObject([{ flags: [] }]);
  const metrics = await (await fetch(`${stack.excp.url}/metrics`)).text();
  const counted = /^exrec_conversation_legs_refused_total\S* (\d+)$/m.exec(metrics)?.[1];
  expect(Number(counted)).toBeGreaterThan(0);
});

it('a source that was replaced is looked up, and nothing is lost', async () => {
  const { gc, stack } = running;
  const id = '88888888-8888-4777-8666-555555555555';
  const source = { id, name: 'Another', type: 'User', deactivated: false } as const;
  await gc.faults.order({ target: 'presence', sources: [source] });
  const calls = await Promise.all([feedOf('1 inbound'), feedOf('2')].map((feed) => play(feed)));
  for (const { callUUID } of calls) {
    const view = await settled(callUUID);
    expect(view.flags).toEqual([]);
    const conversation = gc.conversation(conversationIdOf(callUUID));
    expect(conversation).toMatchObject({ isComplete: true, missing: [] });
    expect(JSON.stringify(conversation?.events)).toContain(id);
  }
  expect((await stack.get('/api/v1/configuration')).data.source).toBe(id);
});

it('what GC refuses to open is a gap of its recording, and of nobody else', async () => {
  const { gc, stack } = running;
  const callUUID = newCallUUID();
  const conversationId = conversationIdOf(callUUID);
  const eventError = { message: 'no', times: 0, conversationId };
  await gc.faults.order({ target: 'gc.events', eventError });
  const shiftMs = Date.now() - 120_000 - t0;
  await stack.postEvents(asFeed(feedOf('2'), { ids: { [root]: callUUID }, shiftMs }));
  await stack.postMetadata(mediaFile(callUUID));
  const other = await play(feedOf('2'));
  await dispatched(callUUID);
  const view = await settled(callUUID);
  expect(legsOf(callUUID)).toEqual([]);
  expect(view.flags).toEqual(['conversation-gap']);
  expect(view.segments).toMatchObject([{ flags: ['conversation-gap'] }]);
  expect((await settled(other.callUUID)).flags).toEqual([]);
});

it('an event without a time is refused by itself', async () => {
  const { stack } = running;
  const callUUID = newCallUUID();
  const shiftMs = Date.now() - 120_000 - t0;
  const feed = asFeed(feedOf('1 inbound'), { ids: { [root]: callUUID }, shiftMs });
  const timeless = feed.map((event, index) =>
    index === 5 ? { ...event, time: undefined } : event,
  );
  const { status, data } = await stack.postEvents(timeless);
  expect(status).toBe(202);
  expect(data.rejected).toMatchObject([{ index: 5 }]);
  const view = await settled(callUUID);
  // Nobody heard of the answer.
  expect(statesOf(view, 'communicationAnswered')).toEqual([]);
  expect(running.gc.conversation(conversationIdOf(callUUID))?.isComplete).toBe(true);
});

it('a call of 200 legs is told as a whole', async () => {
  const { gc } = running;
  const r = tell(root);
  const dns = Array.from({ length: 199 }, (_, index) => `7${300 + index}`);
  const { callUUID } = await play([
    r.created(0, 'Inbound'),
    r.joined(0, trunk),
    ...dns.flatMap((dn, index) => [
      r.ringing(1 + index / 100, dn),
      r.answered(3 + index / 100, dn),
    ]),
    ...over(9, ...dns),
  ]);
  await settled(callUUID);
  const conversation = gc.conversation(conversationIdOf(callUUID));
  expect(conversation).toMatchObject({ isComplete: true, refused: [] });
  // One more for the agent of the recording, whom the feed did not show.
  expect(conversation?.legs.size).toBeGreaterThanOrEqual(200);
});

it('a conversation of 12 hours keeps its times', async () => {
  const { gc } = running;
  const r = tell(root);
  const hour = hourMs / 10_000;
  const holds = Array.from({ length: 11 }, (_, index) => [
    r.held((index + 1) * hour, '7105'),
    r.answered((index + 1.5) * hour, '7105'),
  ]);
  const feed = [...viaQueue, ...holds.flat(), ...over(12 * hour, '7105')];
  const { callUUID } = await play(feed, 12 * hourMs + 60_000);
  const view = await settled(callUUID);
  expect(statesOf(view, 'holdUpdated')).toHaveLength(22);
  const [first] = [...(gc.conversation(conversationIdOf(callUUID))?.legs.values() ?? [])];
  expect((first?.endedAtMs ?? 0) - (first?.establishedAtMs ?? 0)).toBe(12 * hourMs);
});

describe('a feed that comes an hour late, whole,', () => {
  it('is told with its true times', async () => {
    const { gc } = running;
    const { callUUID } = await play(feedOf('7 attended'), hourMs);
    await settled(callUUID);
    const conversation = gc.conversation(conversationIdOf(callUUID));
    expect(conversation).toMatchObject({ isComplete: true, refused: [] });
    const [first] = [...(conversation?.legs.values() ?? [])];
    expect(Date.now() - (first?.establishedAtMs ?? 0)).toBeGreaterThan(hourMs - 1);
  });

  it('is a gap where GC takes nothing so old, and its recording goes up', async () => {
    await running.gc.faults.order({ target: 'gc.events', maxAgeHours: 0.5 });
    const { callUUID, injection } = await play(feedOf('1 inbound'), hourMs);
    expect(injection.metadata.conversationId).toBe(conversationIdOf(callUUID));
    const view = await settled(callUUID);
    expect(view.flags).toEqual(['conversation-gap']);
    expect(view.segments).toMatchObject([{ flags: ['conversation-gap'] }]);
  });
});

it('nothing is told that is in the future at GC, and a feed that is ahead is noticed', async () => {
  const { gc, stack } = running;
  await gc.faults.order({ target: 'clock', offsetMs: -120_000 });
  // An answer of GC has to tell.
  await settled((await play(feedOf('2'), hourMs)).callUUID);
  const { callUUID } = await play(feedOf('2'), 30_000);
  const view = await settled(callUUID);
  expect(view.flags).toEqual([]);
  expect(gc.conversation(conversationIdOf(callUUID))?.isComplete).toBe(true);
  expect(stack.excp.output()).toContain('conversation.clock-ahead');
});
