import { communicationIdOf, conversationIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

let stack: ExcpStack;
beforeAll(async () => {
  stack = await ExcpStack.start({ STA_USERDATA_LANGUAGE_KEY: 'language_code' });
});
beforeEach(() => {
  stack.exrp.answer = { status: 202 };
});
afterAll(async () => {
  await stack.stop();
});

const time = (seconds: number) => new Date(Date.UTC(2026, 2, 2, 9, 15, seconds)).toISOString();
const idsOf = ({ communicationId, conversationId }: Record<string, unknown>) => ({
  communicationId,
  conversationId,
});

it('repeats a request whose answer was lost as it was, whatever has been learnt since', async () => {
  const callUUID = newCallUUID();
  const root = newCallUUID();
  const { mediaId } = mediaFile(callUUID);
  stack.exrp.answer = { status: 500 };
  await stack.postMetadata(mediaFile(callUUID));
  await stack.postEvents(queueCallEvents(callUUID));
  await waitFor('the first attempt', () => stack.exrp.of(mediaId).length > 0);

  // An earlier stay of the agent, another language, a call above this one, and other metadata.
  const party = { callUUID, thisDN: '7105', agentId: 'agent7105', partyType: 'agent' };
  await stack.postEvents([
    { event: 'EventCallPartyAdded', time: time(1), ...party },
    { event: 'EventCallPartyDeleted', time: time(4), ...party },
    {
      event: 'EventCallDataChanged',
      time: time(3),
      callUUID,
      userData: { language_code: 'fr-FR' },
    },
    { event: 'EventCallCreated', time: time(0), callUUID, connID: '2', parentCallUUID: root },
  ]);
  const again = await stack.postMetadata(mediaFile(callUUID, 'a', { size: '4711' }));
  expect(again.data.recordings).toMatchObject([{ status: 'duplicate' }]);
  stack.exrp.answer = { status: 202 };
  await stack.reaches(callUUID, 'finished');

  const sent = stack.exrp.of(mediaId);
  expect(sent.length).toBeGreaterThan(1);
  const [first] = sent;
  for (const { metadata, expectedSizeBytes } of sent)
    expect([metadata, expectedSizeBytes]).toEqual([first?.metadata, first?.expectedSizeBytes]);
  expect(first?.metadata).toMatchObject({
    communicationId: communicationIdOf(callUUID, '7105', 1),
    conversationId: conversationIdOf(callUUID),
  });

  // So says the view, whatever the events say by now.
  const { segments } = await stack.interaction(callUUID);
  expect(segments).toMatchObject([first && idsOf(first.metadata)]);

  // What turns up after that belongs to the same stay, so it gets the same ids.
  await stack.postMetadata(mediaFile(callUUID, 'late'));
  const late = mediaFile(callUUID, 'late').mediaId;
  const [further] = await waitFor('the late segment', () => {
    const received = stack.exrp.of(late);
    return received.length > 0 ? received : undefined;
  });
  expect(further && idsOf(further.metadata)).toEqual(first && idsOf(first.metadata));
});

it('ends a consult whose parent nobody knows after a short wait, and says so', async () => {
  const consult = newCallUUID();
  const events = queueCallEvents(consult);
  Object.assign(events[0] ?? {}, { callType: 'Consult', parentCallUUID: newCallUUID() });
  await stack.postMetadata(mediaFile(consult));
  await stack.postEvents(events);
  const view = await stack.reaches(consult, 'finished');
  expect(view).toMatchObject({ endedBy: 'parent-unknown', flags: ['parent-unknown'] });
  expect(stack.exrp.of(mediaFile(consult).mediaId)).toHaveLength(1);
});
