import { conversationIdOf, recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, waitFor } from '@exrec/testing';
import { Redis } from 'ioredis';
import platformClient from 'purecloud-platform-client-v2';
import { WholeStack } from '../reconciliation/whole-stack.js';
import { newCallUUID } from '../sample-call.js';
import { connectSdk } from './gc-sdk.js';

const audio = audioFixture('short-en').bytes();
let stack: WholeStack;
beforeAll(async () => {
  stack = await WholeStack.start();
  await connectSdk(stack.gc);
  const refusal = { kind: 'phoneEstablishedEvents', message: 'no', times: 0 };
  await stack.gc.faults.order({ target: 'gc.events', eventError: refusal });
  await stack.gc.faults.order({ target: 'orphans', afterMs: 0 });
});
afterAll(() => stack.stop());

type Orphan = { readonly recordingId: string; readonly orphanId: string };
type Page = { readonly items: readonly (Orphan & Readonly<Record<string, unknown>>)[] };

/** Until the list is as long as that, and GC has what it takes of each conversation; 503 while it cannot be asked. */
function orphans(count: number): Promise<Page['items']> {
  return waitFor(`${count} orphans`, async () => {
    const { status, data } = await stack.ask('excp', 'GET', '/api/v1/orphans');
    const { items } = data as Page;
    if (status !== 200 || items.length !== count) return undefined;
    const areKnown = items.every((each) => each.orphanStatus === 'CONVERSATION_NOT_COMPLETE');
    return areKnown ? items : undefined;
  });
}

/** A recording whose leg GC refuses for good, while it has the rest of the conversation. */
async function orphaned(): Promise<{ callUUID: string; recordingId: string }> {
  const callUUID = newCallUUID();
  const mediaId = `${callUUID}_a.opus`;
  await stack.putAudio(mediaId, audio);
  const times = { startTime: '2026-03-02T09:15:10.000Z', stopTime: '2026-03-02T09:15:15.000Z' };
  const size = String(audio.length);
  const parameters = { recordDN: '7999', agentId: 'agent7999' };
  await stack.postMetadata({ mediaId, callUUID, ...times, duration: '5000', size, parameters });
  return { callUUID, recordingId: recordingIdOf(mediaId) };
}

it('orphans of ours are listed and given their conversation, and the official SDK sees both', async () => {
  const calls = [await orphaned(), await orphaned()];
  const listed = await orphans(2);
  for (const { callUUID, recordingId } of calls)
    expect(listed).toContainEqual(
      expect.objectContaining({
        ...{ recordingId, interactionId: callUUID, orphanStatus: 'CONVERSATION_NOT_COMPLETE' },
        conversationId: conversationIdOf(callUUID),
      }),
    );
  const api = new platformClient.RecordingApi();
  const { entities } = await api.getOrphanrecordings();
  expect(new Set(entities?.map(({ id }) => id))).toEqual(
    new Set(listed.map(({ orphanId }) => orphanId)),
  );
  const [first, second] = calls;
  if (first === undefined || second === undefined) throw new Error('no calls');

  const attach = { recordingIds: [first.recordingId] };
  const attached = await waitFor('an answer', async () => {
    const { status, data } = await stack.ask('excp', 'POST', '/api/v1/orphans/attach', attach);
    return status === 200 ? (data as Page).items : undefined;
  });
  expect(attached).toMatchObject([{ recordingId: first.recordingId, outcome: 'attached' }]);
  const conversationId = conversationIdOf(first.callUUID);
  expect(await api.getConversationRecordingmetadata(conversationId)).toMatchObject([
    { id: first.recordingId, conversationId },
  ]);

  // What somebody attaches by other means is no orphan of ours any more.
  const [left] = await orphans(1);
  expect(left?.recordingId).toBe(second.recordingId);
  await api.putOrphanrecording(left?.orphanId ?? '', {
    body: { conversationId: conversationIdOf(second.callUUID) },
  });
  expect(await orphans(0)).toEqual([]);
  expect((await api.getOrphanrecordings()).entities).toEqual([]);
});

it('an orphan whose call is not known any more cannot be judged while EXRP is away, and the answer says so', async () => {
  await orphaned();
  await orphans(1);
  const redis = new Redis(stack.redis.url);
  await redis.flushall();
  redis.disconnect();
  await stack.exrp.kill();
  const told = await waitFor('the answer', async () => {
    const { status, data } = await stack.ask('excp', 'GET', '/api/v1/orphans');
    const { detail = '' } = data as { detail?: string };
    return status === 503 && detail.includes('exrp') ? detail : undefined;
  });
  expect(told).toBe('EXRP cannot be asked: exrp-unavailable');
});
