import { randomBytes } from 'node:crypto';
import { recordingIdOf } from '@exrec/gc-metadata';
import { sampleMetadata } from '@exrec/simulator';
import { audioFixture, waitFor } from '@exrec/testing';
import { Redis } from 'ioredis';
import { WholeStack, type ReconciliationView } from './whole-stack.js';

const audio = audioFixture('short-en').bytes();
const hourMs = 3_600_000;
let stack: WholeStack;
let redis: Redis;

beforeAll(async () => {
  stack = await WholeStack.start();
  redis = new Redis(stack.redis.url);
});
afterAll(async () => {
  redis.disconnect();
  await stack.stop();
});

/** Metadata as MCP posts them; the size tells EXRP when the file is whole. */
async function segment(name: string): Promise<string> {
  const callUUID = randomBytes(16).toString('hex').toUpperCase();
  const mediaId = `${callUUID}_${name}.opus`;
  const times = { startTime: '2026-03-02T09:15:10.000Z', stopTime: '2026-03-02T09:15:15.000Z' };
  const parameters = { recordDN: '7105', agentId: 'agent7105' };
  const size = String(audio.length);
  await stack.postMetadata({ mediaId, callUUID, ...times, duration: '5000', size, parameters });
  return mediaId;
}

const recordKey = (mediaId: string) => `{exrec}:injection:${recordingIdOf(mediaId)}`;

/** As if EXRP had never heard of the recording. */
async function dropAtExrp(mediaId: string): Promise<void> {
  await redis.del(recordKey(mediaId));
  for (const key of await redis.keys('{exrec}:injections-by:*'))
    await redis.zrem(key, recordingIdOf(mediaId));
}

const found = (result: ReconciliationView, kind: string) =>
  result.differences.find((difference) => difference.kind === kind)?.items ?? [];

it('finds nothing where nothing is missing, says so in one sentence and keeps it', async () => {
  const mediaId = await segment('good');
  await stack.putAudio(mediaId, audio);
  await stack.until(mediaId, 'confirmed');
  const result = await stack.reconcile();
  expect(result.sentence).toBe('1 segment in scope, 1 confirmed, 0 waiting, 0 unexplained.');
  expect(result.differences.every(({ count }) => count === 0)).toBe(true);
  const latest = await stack.ask('excp', 'GET', '/api/v1/reconciliations/latest');
  expect(latest.data).toEqual(result);
  await waitFor('the gauges', async () => {
    const { data } = await stack.ask('excp', 'GET', '/metrics');
    return /^exrec_reconciled_segments{standing="confirmed",.*} 1$/m.test(String(data));
  });
});

it('gives every difference its name, and sends again what never reached EXRP', async () => {
  // A file of which nobody ever told, and one of which somebody still may.
  await stack.putAudio('stranger.opus', audio);
  await stack.ageAudio('stranger.opus');
  await stack.putAudio('newcomer.opus', audio);
  // Metadata without their file.
  const fileless = await segment('fileless');
  await stack.until(fileless, 'waiting', 'audio-missing');
  // Whole, since it has the announced size, but no audio at all.
  const broken = await segment('broken');
  await stack.putAudio(broken, Buffer.alloc(audio.length, 'this is no audio'));
  await stack.until(broken, 'failed', 'audio-invalid');
  // EXRP's Redis lost it after it had confirmed it.
  const lost = await segment('lost');
  await stack.until(lost, 'waiting', 'audio-missing');
  await dropAtExrp(lost);
  await stack.putAudio(lost, audio);
  // Genesys Cloud holds it without a word.
  const held = await segment('held');
  await stack.gc.faults.order({
    target: 'report',
    recordingId: recordingIdOf(held),
    uploadStatus: 'WaitForConversation',
  });
  await stack.putAudio(held, audio);
  await stack.until(held, 'uploaded');
  await redis.hset(recordKey(held), 'uploadedAtMs', Date.now() - 3 * hourMs);
  // EXRP has what EXCP never had.
  await injectDirectly('alien.opus');

  const result = await stack.reconcile();
  expect(found(result, 'file-without-metadata').map(({ mediaId }) => mediaId)).toEqual([
    'stranger.opus',
  ]);
  expect(found(result, 'metadata-without-file')).toMatchObject([
    { mediaId: fileless, cause: 'audio-missing' },
  ]);
  expect(found(result, 'dead-letter')).toMatchObject([
    { mediaId: broken, cause: 'audio-invalid', recordingId: recordingIdOf(broken) },
  ]);
  expect(found(result, 'never-dispatched')).toMatchObject([
    { mediaId: lost, repair: 'dispatched-again' },
  ]);
  expect(found(result, 'uploaded-not-confirmed').map(({ mediaId }) => mediaId)).toEqual([held]);
  expect(found(result, 'unknown-segment').map(({ mediaId }) => mediaId)).toEqual(['alien.opus']);
  expect(result.sentence).toBe(
    '5 segments in scope, 1 confirmed, 1 uploaded, 1 waiting, 1 failed, 1 unexplained; ' +
      '1 audio file without metadata; 1 recording without a segment.',
  );
  expect(result.dispatchedAgain).toBe(1);
  await stack.until(lost, 'confirmed');
  const after = await stack.reconcile();
  expect(after.sentence).toContain('2 confirmed');
  expect(after.sentence).toContain('0 unexplained');
});

it('is for administrators', async () => {
  const { status } = await stack.ask('excp', 'GET', '/api/v1/reconciliations/latest');
  expect(status).toBe(200);
  const wrong = await fetch(`${stack.excp.url}/api/v1/reconciliations`, { method: 'POST' });
  expect(wrong.status).toBe(401);
});

it('runs by itself when Redis comes back without what it had confirmed', async () => {
  const mediaId = await segment('tail');
  await stack.until(mediaId, 'waiting', 'audio-missing');
  const before = await latestStart();
  // What a lost tail of the AOF does: the count of the fleet is an older one, and EXRP's record is gone.
  await dropAtExrp(mediaId);
  // Its metadata may have been in that tail: nobody waits an hour for them.
  await stack.putAudio('fresh-stranger.opus', audio);
  await redis.hset('{exrec}:beat', { count: 1, atMs: Date.now() - 60_000 });
  await waitFor('a reconciliation', async () => (await latestStart()) !== before);
  const { data } = await stack.ask('excp', 'GET', '/api/v1/reconciliations/latest');
  expect(
    found(data as ReconciliationView, 'file-without-metadata').map((item) => item.mediaId),
  ).toContain('fresh-stranger.opus');
  expect(stack.excp.output()).toContain('redis.writes-lost');
  await stack.putAudio(mediaId, audio);
  await stack.until(mediaId, 'confirmed');
});

it('fails as a whole when EXRP is away, and the latest one stays', async () => {
  const before = await latestStart();
  await stack.exrp.kill();
  const { status, data } = await stack.ask('excp', 'POST', '/api/v1/reconciliations');
  expect(status).toBe(503);
  expect(data).toMatchObject({ status: 503, detail: 'exrp-unavailable' });
  expect(await latestStart()).toBe(before);
});

async function latestStart(): Promise<string> {
  const { data } = await stack.ask('excp', 'GET', '/api/v1/reconciliations/latest');
  return (data as { startedAt: string }).startedAt;
}

async function injectDirectly(audioFile: string): Promise<void> {
  const { status } = await stack.ask('exrp', 'POST', '/api/v1/injections', {
    audioFile,
    metadata: {
      ...sampleMetadata(audioFile),
      ...{ ani: null, dnis: null, recordedParty: 'trunk', agent: null, queue: null },
    },
  });
  expect(status).toBe(202);
}
