import { conversationIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import platformClient from 'purecloud-platform-client-v2';
import { newCallUUID } from '../sample-call.js';
import { root, t0 } from './feed.js';
import { connectSdk } from './gc-sdk.js';
import { asFeed, startGcStack, type GcStack } from './gc-stack.js';
import { scenarios } from './scenarios.js';

let running: GcStack;
beforeAll(async () => {
  running = await startGcStack();
  await connectSdk(running.gc);
});
afterAll(() => running.stop());

it('the official SDK reads the conversation back (docs/design/CONVERSATIONS.md#64-official-sdk-calls-that-verify-it)', async () => {
  const { stack, gc } = running;
  const callUUID = newCallUUID();
  const [queueCall] = scenarios;
  const shiftMs = Date.now() - 120_000 - t0;
  await stack.postEvents(asFeed(queueCall?.feed ?? [], { ids: { [root]: callUUID }, shiftMs }));
  const id = conversationIdOf(callUUID);
  await waitFor('the conversation', () => gc.conversation(id)?.isComplete === true || undefined);
  const conversation = await new platformClient.ConversationsApi().getConversation(id);
  expect(conversation).toMatchObject({ id, externalTag: callUUID });
  expect(conversation.participants.map(({ purpose }) => purpose)).toEqual([
    ...['customer', 'acd', 'agent'],
  ]);
  const analytics = new platformClient.AnalyticsApi();
  const details = await analytics.getAnalyticsConversationDetails(id);
  expect(details.participants?.map(({ purpose }) => purpose)).toEqual(['customer', 'acd', 'agent']);
  const { entities } = await new platformClient.PresenceApi().getPresenceSources();
  expect(entities).toMatchObject([{ name: 'EX Engage Connector' }]);
});
