import { recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, waitFor } from '@exrec/testing';
import { Redis } from 'ioredis';
import { ExrpStack } from './exrp-stack.js';
import { pausedQueue } from './paused-queue.js';

const audio = audioFixture('short-en').bytes();
let stack: ExrpStack;
let redis: Redis;

/** One recording at a time. */
beforeAll(async () => {
  stack = await ExrpStack.start({ settings: { EXRP_CONCURRENCY: '1' } });
  redis = new Redis(stack.redis.url);
});
afterAll(async () => {
  redis.disconnect();
  await stack.stop();
});

const hoursUntilDeadline = (hours: number) => ({ EXRP_AUDIO_DEADLINE_HOURS: String(hours) });

/** Has recordings accepted by an EXRP that gives them this deadline. */
async function acceptWith(hours: number, names: readonly string[]): Promise<void> {
  const { app, client } = await stack.another(hoursUntilDeadline(hours));
  for (const name of names) {
    await stack.put(name, audio);
    expect((await client.inject(name)).status).toBe(202);
  }
  await app.kill();
}

it('sends the recording whose audio goes first before the others of a backlog', async () => {
  const order = ['in-20-h.opus', 'in-2-h.opus', 'in-9-h.opus'];
  await pausedQueue(redis, 'exrec', async () => {
    await acceptWith(20, [order[0]!]);
    await acceptWith(2, [order[1]!]);
    await acceptWith(9, [order[2]!]);
  });
  for (const name of order) await stack.until(name, 'uploaded');
  const uploadedAt = async (name: string) => {
    const { data } = await stack.get(`/api/v1/injections/${recordingIdOf(name)}`);
    return (data as { uploadedAt: string }).uploadedAt;
  };
  const times = await Promise.all(['in-2-h.opus', 'in-9-h.opus', 'in-20-h.opus'].map(uploadedAt));
  expect(times).toEqual([...times].sort());
  expect(new Set(times).size).toBe(3);
});

it('does not let hundreds that wait with nearer deadlines starve a new call, and spreads their retries', async () => {
  const absent = Array.from({ length: 200 }, (_, number) => `absent-${number}.opus`);
  const { app, client } = await stack.another(hoursUntilDeadline(1));
  await Promise.all(absent.map((name) => client.inject(name)));
  await app.kill();
  await waitFor(
    'all of them to wait',
    async () => {
      const { data } = await stack.get('/api/v1/injections/counts');
      const { waiting } = (data as { causes: { waiting: Record<string, number> } }).causes;
      // One of them may be looked at again just now.
      return (waiting['audio-missing'] ?? 0) >= 199;
    },
    { everyMs: 500 },
  );
  await stack.put('new.opus', audio);
  await stack.inject('new.opus');
  await stack.until('new.opus', 'uploaded');
  const tries = await Promise.all(
    absent.map((name) => redis.hget(`{exrec}:injection:${recordingIdOf(name)}`, 'nextTryAtMs')),
  );
  // No thundering herd: hardly two of them come back in the same moment.
  expect(new Set(tries.filter((time) => time !== null)).size).toBeGreaterThan(160);
});

it('tells how many recordings will be lost within two hours, by their files, and how old the oldest is', async () => {
  // Files of open recordings are kept for twice the retention: two hours before that is now.
  const { client } = await stack.another({ REDIS_KEY_PREFIX: 'lost', EXRP_RETENTION_HOURS: '0.1' });
  await stack.put('lost.opus', audio);
  const startedAtMs = Date.now();
  await client.inject('lost.opus', { expectedSizeBytes: audio.length + 1 });
  await client.inject('never-there.opus');
  const isCounted = async () => (await client.metric('exrec_recordings_lost_within_2h')) === 1;
  await waitFor('the gauge', isCounted, { everyMs: 500 });
  const ageSeconds = await client.metric('exrec_oldest_open_recording_seconds');
  expect(ageSeconds).toBeGreaterThan(1);
  // In seconds, of the time since then.
  expect(ageSeconds).toBeLessThanOrEqual((Date.now() - startedAtMs) / 1000 + 1);
});
