import { recordingIdOf } from '@exrec/gc-metadata';
import { sampleMetadata } from '@exrec/simulator';
import { audioFixture, waitFor } from '@exrec/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { ExrpStack } from './exrp-stack.js';

const audio = audioFixture('short-en').bytes();
let stack: ExrpStack;
let redis: Redis;
let queue: Queue;

beforeAll(async () => {
  stack = await ExrpStack.start();
  redis = new Redis(stack.redis.url, { maxRetriesPerRequest: null });
  queue = new Queue('injections', { connection: redis, prefix: '{exrec}' });
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await stack.stop();
});

/** A record as a release may have left it, its index entry and its job. */
async function leaveBehind(audioFile: string, more: Record<string, string>): Promise<void> {
  const recordingId = recordingIdOf(audioFile);
  const nowMs = Date.now();
  await redis.hset(`{exrec}:injection:${recordingId}`, {
    recordingId,
    audioFile,
    version: 1,
    state: 'queued',
    metadata: JSON.stringify(sampleMetadata(audioFile)),
    acceptedAtMs: nowMs,
    updatedAtMs: nowMs,
    audioDeadlineAtMs: nowMs + 3_600_000,
    ...more,
  });
  await redis.zadd('{exrec}:injections-by:queued', nowMs, recordingId);
  await queue.add('inject', { recordingId }, { jobId: recordingId });
}

it('goes on with what an older version left: a record and a job without the newer fields', async () => {
  await stack.put('older.opus', audio);
  await leaveBehind('older.opus', {});
  const view = await stack.until('older.opus', 'uploaded');
  expect(view).toMatchObject({ attempts: 1, history: [{ outcome: 'uploaded' }] });
  expect((await stack.verdict('older.opus')).verdict?.ok).toBe(true);
});

it('goes on with what the release before has looked at and put off', async () => {
  await stack.put('put-off.opus', audio);
  const lastLook = { print: `${audio.length}/1772532904000/"etag"`, sinceMs: Date.now() };
  await leaveBehind('put-off.opus', { facts: JSON.stringify({ lastLook }) });
  await stack.until('put-off.opus', 'uploaded');
});

it('goes on with what the release before was at work on when it was stopped, and calls it no poison', async () => {
  await stack.put('cut-off.opus', audio);
  // That release counted attempts that were never settled, and knew no owner.
  const left = {
    state: 'uploading',
    claim: 'of-the-release-before',
    unsettled: '3',
    attempts: '3',
  };
  await leaveBehind('cut-off.opus', left);
  expect(await stack.until('cut-off.opus', 'uploaded')).toMatchObject({ attempts: 4 });
  expect(await stack.metric('exrec_duplicate_uploads_total')).toBe(1);
});

it('shows a record that it cannot read, and tries it no more', async () => {
  await leaveBehind('torn.opus', { facts: '{"keyId":', metadata: '{"ani":"+4930555010"}' });
  const view = await stack.until('torn.opus', 'failed', 'record-unreadable');
  expect(JSON.stringify(view)).not.toContain('4930555010');
  const list = await stack.get('/api/v1/injections?state=failed');
  expect(list.data.items).toMatchObject([{ recordingId: recordingIdOf('torn.opus') }]);
  expect((await stack.requeue('torn.opus')).status).toBe(409);
  // Its job is over; nothing will take it up again.
  expect(await (await queue.getJob(recordingIdOf('torn.opus')))?.getState()).toBe('completed');
  const record = await redis.hgetall(`{exrec}:injection:${recordingIdOf('torn.opus')}`);
  expect(record).toMatchObject({ facts: '{"keyId":', metadata: '{"ani":"+4930555010"}' });
});

it('goes on with a record that has fields of a later version of the same kind', async () => {
  await stack.put('richer.opus', audio);
  await leaveBehind('richer.opus', { shoeSize: '42', facts: '{"keyId":"k","newFact":{"a":1}}' });
  await stack.until('richer.opus', 'uploaded');
});

it('holds what a newer version left, untouched, until it is understood', async () => {
  await stack.put('newer.opus', audio);
  await leaveBehind('newer.opus', { version: '2', cargo: 'of the future' });
  const recordingId = recordingIdOf('newer.opus');
  await waitFor('the job to be held', async () => {
    const job = await queue.getJob(recordingId);
    return (await job?.getState()) === 'delayed';
  });
  expect(stack.exrp.output()).toContain('recording.held');
  const record = await redis.hgetall(`{exrec}:injection:${recordingId}`);
  expect(record).toMatchObject({ version: '2', state: 'queued', cargo: 'of the future' });
  expect(record).not.toHaveProperty('attempts');
  expect(stack.arrived('newer.opus')).toBeUndefined();

  // The upgrade: this version's number is what the newer one would understand.
  await redis.hset(`{exrec}:injection:${recordingId}`, 'version', '1');
  await (await queue.getJob(recordingId))?.promote();
  await stack.until('newer.opus', 'uploaded');
});

it('does not accept metadata of a newer schema: the caller holds them', async () => {
  const metadata = { ...sampleMetadata('later.opus'), schemaVersion: 2, novelty: true };
  const answer = await stack.injectOnce('later.opus', { metadata });
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toBe('60');
  expect((await stack.injection('later.opus')).state).toBeUndefined();
});
