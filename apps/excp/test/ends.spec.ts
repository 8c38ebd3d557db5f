import { conversationIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

let stack: ExcpStack;
beforeAll(async () => {
  // Longer than a busy machine takes between two requests of a test.
  stack = await ExcpStack.start({ EXCP_QUIET_PERIOD_SECONDS: '4' });
});
afterAll(() => stack.stop());

it('ends a call without events after the quiet period, and sends each segment once', async () => {
  const callUUID = newCallUUID();
  await stack.postMetadata(mediaFile(callUUID, 'a'));
  expect((await stack.interaction(callUUID)).state).toBe('open');
  await stack.postMetadata(mediaFile(callUUID, 'b'));
  const view = await stack.reaches(callUUID, 'finished');
  expect(view).toMatchObject({ endedBy: 'quiet', flags: [] });
  expect(stack.exrp.of(mediaFile(callUUID, 'a').mediaId)).toHaveLength(1);
  expect(stack.exrp.of(mediaFile(callUUID, 'b').mediaId)).toHaveLength(1);
});

it('ends a call some time after its EventCallDeleted, with what the events say about the agent', async () => {
  const callUUID = newCallUUID();
  await stack.postMetadata(mediaFile(callUUID));
  await stack.postEvents(queueCallEvents(callUUID, '7105', 'VQ_Sales').toReversed());
  const view = await stack.reaches(callUUID, 'finished');
  expect(view.endedBy).toBe('calls-deleted');
  const [sent] = stack.exrp.of(mediaFile(callUUID).mediaId);
  expect(sent?.metadata).toMatchObject({
    interactionId: callUUID,
    queue: { name: 'VQ_Sales', id: null },
    agent: { id: 'agent7105', dn: '7105' },
    ani: '+4930555010',
    speechAndTextAnalytics: { requested: false, reason: 'configuration-unavailable' },
  });
  expect(sent).toMatchObject({ expectedSizeBytes: 240_000, expectedDurationMs: 60_000 });
});

it('does not end while a call is open, however long nothing comes', async () => {
  const callUUID = newCallUUID();
  await stack.postEvents(queueCallEvents(callUUID).slice(0, -1));
  await stack.postMetadata(mediaFile(callUUID));
  const other = newCallUUID();
  await stack.postMetadata(mediaFile(other));
  await stack.reaches(other, 'finished');
  expect((await stack.interaction(callUUID)).state).toBe('open');
  await stack.postEvents(queueCallEvents(callUUID).slice(-1));
  await stack.reaches(callUUID, 'finished');
});

it('ends when an administrator says so', async () => {
  const callUUID = newCallUUID();
  await stack.postEvents(queueCallEvents(callUUID).slice(0, 3));
  await stack.postMetadata(mediaFile(callUUID));
  expect((await stack.end(callUUID)).status).toBe(202);
  expect(await stack.reaches(callUUID, 'finished')).toMatchObject({ endedBy: 'admin' });
});

it('sends a segment that turns up after the end, once', async () => {
  const callUUID = newCallUUID();
  await stack.postEvents(queueCallEvents(callUUID));
  await stack.reaches(callUUID, 'finished');
  await stack.postMetadata(mediaFile(callUUID, 'late'));
  const { mediaId } = mediaFile(callUUID, 'late');
  await waitFor('the late segment', () => stack.exrp.of(mediaId).length > 0);
  await stack.reaches(callUUID, 'finished');
  expect(stack.exrp.of(mediaId)).toHaveLength(1);
});

it('joins a consult call to its parent, whichever is heard of first', async () => {
  const [root, consult] = [newCallUUID(), newCallUUID()];
  const consultEvents = queueCallEvents(consult, '7206', 'VQ_Experts');
  Object.assign(consultEvents[0] ?? {}, { callType: 'Consult', parentCallUUID: root });
  await stack.postMetadata(
    mediaFile(consult, 'c', { parameters: { recordDN: '7206', agentId: 'agent7206' } }),
  );
  await stack.postEvents(consultEvents.slice(0, -1));
  await stack.postEvents(queueCallEvents(root));
  // The consult is open still, so nothing has ended.
  expect((await stack.interaction(root)).state).toBe('open');
  await stack.postEvents(consultEvents.slice(-1));
  const view = await stack.reaches(consult, 'finished');
  expect(view.interactionId).toBe(root);
  expect(view.calls.map(({ callUUID }) => callUUID).sort()).toEqual([root, consult].sort());
  const [sent] = stack.exrp.of(mediaFile(consult, 'c').mediaId);
  expect(sent?.metadata).toMatchObject({
    interactionId: root,
    conversationId: conversationIdOf(root),
    queue: { name: 'VQ_Experts' },
    agent: { id: 'agent7206' },
  });
});

it('loses no segment of an interaction with more calls than it may have, and holds up no other', async () => {
  const root = newCallUUID();
  const consults = Array.from({ length: 260 }, newCallUUID);
  await stack.postEvents(queueCallEvents(root));
  const events = consults.flatMap((consult) => {
    const [created, ...others] = queueCallEvents(consult);
    return [{ ...created, callType: 'Consult', parentCallUUID: root }, ...others.slice(-1)];
  });
  expect((await stack.postEvents(events)).data).toMatchObject({ accepted: 520 });
  await stack.postMetadata([root, ...consults].map((callUUID) => mediaFile(callUUID)));
  const other = newCallUUID();
  await stack.postMetadata(mediaFile(other));
  await stack.reaches(other, 'finished');
  const within = await stack.reaches(root, 'finished');
  expect(within).toMatchObject({ calls: { length: 200 }, flags: [] });
  const beyond = consults.at(-1) ?? '';
  const view = await stack.reaches(beyond, 'finished');
  expect(view).toMatchObject({
    interactionId: beyond,
    endedBy: 'calls-deleted',
    flags: ['call-cap'],
  });
  for (const callUUID of [root, ...consults])
    await waitFor(callUUID, () => stack.exrp.of(mediaFile(callUUID).mediaId).length === 1);
});

it('sends each segment once though two instances get everything twice', async () => {
  const second = await stack.another();
  const calls = Array.from({ length: 20 }, newCallUUID);
  await Promise.all(
    calls.flatMap((callUUID) =>
      [stack.excp, second].flatMap((app) => [
        stack.postEvents(queueCallEvents(callUUID), { app }),
        stack.postMetadata(mediaFile(callUUID), { app }),
        stack.postMetadata(mediaFile(callUUID), { app }),
      ]),
    ),
  );
  await Promise.all(calls.map((callUUID) => stack.reaches(callUUID, 'finished')));
  // Events that came first may have ended a call before its segment was there.
  await waitFor('all segments', () =>
    calls.every((callUUID) => stack.exrp.of(mediaFile(callUUID).mediaId).length > 0),
  );
  for (const callUUID of calls) {
    expect(stack.exrp.of(mediaFile(callUUID).mediaId)).toHaveLength(1);
    expect((await stack.interaction(callUUID)).events).toHaveLength(8);
  }
  await second.kill('SIGTERM');
});

it('ends by force what nobody hears of any more, and says so in the metadata', async () => {
  await stack.excp.kill('SIGTERM');
  // 0.002 h are 7.2 s.
  await stack.restart({ EXCP_MAX_INTERACTION_HOURS: '0.002' });
  const callUUID = newCallUUID();
  await stack.postEvents(queueCallEvents(callUUID).slice(0, 6));
  await stack.postMetadata(mediaFile(callUUID));
  const view = await stack.reaches(callUUID, 'finished');
  expect(view).toMatchObject({ endedBy: 'timed-out', flags: ['timed-out'] });
  const [sent] = stack.exrp.of(mediaFile(callUUID).mediaId);
  expect(sent?.metadata.flags).toEqual(['timed-out']);
});
