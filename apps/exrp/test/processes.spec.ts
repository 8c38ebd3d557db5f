import { recordingIdOf } from '@exrec/gc-metadata';
import { audioFixture, oggOpusFile, waitFor } from '@exrec/testing';
import { Redis } from 'ioredis';
import { ExrpStack } from './exrp-stack.js';
import { pausedQueue } from './paused-queue.js';

const patienceMs = 180_000;

let stack: ExrpStack;
let redis: Redis;
beforeAll(async () => {
  stack = await ExrpStack.start();
  redis = new Redis(stack.redis.url);
});
afterAll(async () => {
  redis.disconnect();
  await stack.stop();
});

const audio = audioFixture('short-en').bytes();
/** Larger than one piece of an upload, so that S3 gets a part of it only. */
const longAudio = oggOpusFile(3_000_000);

/** An instance on a queue of its own, and the name of its one recording. */
async function alone(what: string, settings: Readonly<Record<string, string>> = {}) {
  const prefix = { REDIS_KEY_PREFIX: what };
  const first = await stack.another({ ...prefix, ...settings });
  return { ...first, name: `${what}.opus`, second: () => stack.another(prefix) };
}

/** Settings of a worker that dies when it gets there. */
function deadlyAt(point: string) {
  return { NODE_ENV: 'test', EXREC_CRASH_POINT: point };
}

function delayPut(name: string, delayMs: number): Promise<void> {
  const subject = recordingIdOf(name);
  return stack.gc.faults.order({ target: 's3.put', kind: 'delay', delayMs, subject });
}

/** Kills workers, one at each of these crash points and each with a recording, and lets one other take over. */
async function takeOverAll(points: readonly string[]) {
  const prefix = { REDIS_KEY_PREFIX: 'killed' };
  const names = points.map((point) => `${point}.opus`);
  const doomed = await pausedQueue(redis, 'killed', async () => {
    const started = points.map((point) =>
      stack.another({ ...prefix, ...deadlyAt(point), EXRP_CONCURRENCY: '1' }),
    );
    const workers = await Promise.all(started);
    for (const name of names) {
      await stack.put(name, longAudio);
      await workers[0]!.client.inject(name, { expectedSizeBytes: longAudio.length });
    }
    return workers;
  });
  for (const { app } of doomed) expect(await app.ended).toEqual({ code: null, signal: 'SIGKILL' });
  await endLeases('killed', names);
  const survivor = await stack.another(prefix);
  await Promise.all(names.map((name) => survivor.client.until(name, 'uploaded')));
  return { names, counted: await survivor.client.metric('exrec_duplicate_uploads_total') };
}

// One block, the concurrent ones last: Jest starts those of a block together and awaits them in turn.
describe('a worker', () => {
  it('that is killed loses nothing, wherever it was', async () => {
    const { names, counted } = await takeOverAll([
      'after-claim',
      'after-fetch',
      'after-seal',
      'after-url',
      'after-put',
      'after-settle',
    ]);
    const recordings = await Promise.all(names.map((name) => stack.verdict(name)));
    for (const { verdict } of recordings) expect(verdict).toEqual({ ok: true, problems: [] });
    // Only what S3 had got, and nobody had noted yet, is sent twice: behind after-put.
    expect(recordings.map(({ uploads }) => uploads).sort()).toEqual([1, 1, 1, 1, 1, 2]);
    expect(counted).toBe(1);
  });

  it('that is killed by one recording again and again sets it aside; the others arrive', async () => {
    const names = ['one', 'two', 'three'].map((name) => `poison-${name}.opus`);
    const settings = { REDIS_KEY_PREFIX: 'poison', EXRP_CONCURRENCY: '3' };
    const deadly = { ...settings, ...deadlyAt('after-fetch') };
    await Promise.all(names.map((name) => stack.put(name, audio)));
    for (let deaths = 0; (await mostDeaths(names)) < 3; deaths += 1) {
      expect(deaths).toBeLessThan(8);
      // It may be gone before it is seen alive.
      const doomed = await stack.another(deadly).catch(() => undefined);
      if (deaths === 0 && doomed !== undefined)
        await Promise.allSettled(names.map((name) => doomed.client.inject(name)));
      await doomed?.app.ended;
      await endLeases('poison', names);
    }
    const { client } = await stack.another(settings);
    await Promise.all(names.map((name) => client.inject(name)));
    await waitFor('all to end', async () => {
      const views = await Promise.all(names.map((name) => client.injection(name)));
      return views.every(({ state }) => state === 'uploaded' || state === 'failed');
    });
    const views = await Promise.all(names.map((name) => client.injection(name)));
    expect(views.filter(({ cause }) => cause === 'poison')).toHaveLength(1);
    expect(views.filter(({ state }) => state === 'uploaded')).toHaveLength(2);
  });

  it.concurrent('that is killed is followed by another', async () => {
    const { app, client, name, second } = await alone('leased', deadlyAt('mid-put'));
    await stack.put(name, longAudio);
    await client.inject(name, { expectedSizeBytes: longAudio.length });
    expect(await app.ended).toEqual({ code: null, signal: 'SIGKILL' });
    const other = await second();
    await other.client.until(name, 'uploaded', undefined, patienceMs);
    const recording = await stack.verdict(name);
    expect(recording.verdict).toEqual({ ok: true, problems: [] });
    expect(recording.uploads).toBe(1);
    expect(await other.client.metric('exrec_duplicate_uploads_total')).toBe(1);
  });

  it.concurrent(
    'that was paused finds its recording taken over, and its outcome refused',
    async () => {
      const { app, client, name, second } = await alone('paused');
      await stack.put(name, audio);
      await delayPut(name, 10_000);
      await client.inject(name);
      await client.until(name, 'uploading');
      app.signal('SIGSTOP');
      const other = await second();
      await other.client.until(name, 'uploaded', undefined, patienceMs);
      app.signal('SIGCONT');
      await waitFor('the refusal', () => app.output().includes('recording.claim-lost'));
      const view = await client.injection(name);
      expect(view).toMatchObject({ state: 'uploaded', attempts: 2 });
      expect(view.history).toHaveLength(1);
      expect(app.exitCode()).toBeUndefined();
      expect(await client.metric('exrec_uploads_total')).toBe(0);
      expect(await other.client.metric('exrec_duplicate_uploads_total')).toBe(1);
      expect((await stack.verdict(name)).verdict?.ok).toBe(true);
    },
  );

  it.concurrent('that is told to end is not ready at once, and finishes its upload', async () => {
    const { app, client, name } = await alone('drained', { EXREC_DRAIN_SECONDS: '20' });
    await stack.put(name, audio);
    await delayPut(name, 10_000);
    await client.inject(name);
    await client.until(name, 'uploading');
    app.signal('SIGTERM');
    const ready = await waitFor(
      '503',
      async () => {
        const answer = await client.get('/health/ready', null);
        return answer.status === 503 ? answer : undefined;
      },
      // Not only when the upload has ended.
      { timeoutMs: 9_000 },
    );
    expect(ready.data.checks.service).toEqual({ status: 'down', reason: expect.any(String) });
    expect((await client.inject('while-draining.opus')).status).toBe(202);
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect((await stack.verdict(name)).uploads).toBe(1);
    expect(await redis.hget(`{drained}:injection:${recordingIdOf(name)}`, 'state')).toBe(
      'uploaded',
    );
  });

  it.concurrent('that is told to end releases an upload that does not', async () => {
    const { app, client, name, second } = await alone('released');
    await stack.put(name, audio);
    const subject = recordingIdOf(name);
    await stack.gc.faults.order({ target: 's3.put', kind: 'stall', subject });
    await client.inject(name);
    await client.until(name, 'uploading');
    const other = await second();
    app.signal('SIGTERM');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(app.output()).not.toContain('service.drain-overdue');
    const view = await other.client.until(name, 'uploaded', undefined, patienceMs);
    expect(view.history).toMatchObject([{ outcome: 'released' }, { outcome: 'uploaded' }]);
  });
});

it('leaves no audio in the clear, and clears its own leftovers when it comes back', async () => {
  const { all, clear } = await stack.spooled();
  expect(clear).toEqual([]);
  expect(all.length).toBeGreaterThan(0);
  const leftover = all[0]!;
  const port = Number(/-(\d+)\//.exec(leftover)?.[1]);
  await stack.another({ REDIS_KEY_PREFIX: 'again' }, port);
  await waitFor('its spool to be empty', async () => {
    const { all: left } = await stack.spooled();
    return !left.some((file) => file.includes(`-${port}/`));
  });
});

/** The most instances that died on one of these recordings. */
async function mostDeaths(names: readonly string[]): Promise<number> {
  const deaths = await Promise.all(
    names.map(async (name) => {
      const key = `{poison}:injection:${recordingIdOf(name)}`;
      const [lostBy, owner] = await redis.hmget(key, 'lostBy', 'owner');
      return [...new Set([...(lostBy ?? '').split(','), owner ?? ''])].filter(Boolean).length;
    }),
  );
  return Math.max(...deaths);
}

/** Makes the leases of dead workers run out now: BullMQ's locks, its marks of what was seen alive, our signs of life. */
async function endLeases(prefix: string, names: readonly string[]): Promise<void> {
  const queue = `{${prefix}}:injections`;
  for (const id of names.map(recordingIdOf)) {
    await redis.del(`${queue}:${id}:lock`);
    await redis.sadd(`${queue}:stalled`, id);
  }
  await redis.del(`${queue}:stalled-check`);
  // Their deaths are known by then.
  await redis.del(`{${prefix}}:exrp-instances`);
}
