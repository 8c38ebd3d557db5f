import { recordingIdOf } from '@exrec/gc-metadata';
import { createQueue } from '@exrec/service-kit';
import { audioFixture, waitFor } from '@exrec/testing';
import type { AxiosResponse } from 'axios';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { injectionQueueName } from '../src/injection/injection-queue.js';
import { ExrpStack } from './exrp-stack.js';

/**
 * Redis cannot confirm: the caller is told within 2 s (docs/design/CONTRACTS.md#21-mcp-pushes-metadata, docs/design/CONTRACTS.md#31-request).
 * A machine that is busy with other tests may take three times as long; without our limits it would be 8 s and more.
 */
const answeredWithinMs = 6_000;

let stack: ExrpStack;
let redis: Redis;
beforeAll(async () => {
  stack = await ExrpStack.start({ settings: { EXRP_CONCURRENCY: '40' } });
  redis = new Redis(stack.redis.url);
  // Redis goes away on purpose here.
  redis.on('error', () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  await stack.stop();
});

// One outage that was not mended must not fail the rest.
afterEach(async () => {
  await stack.redis.restart();
  await redis.config('SET', 'maxmemory', '0');
  await waitFor('readiness', isReady, { timeoutMs: 180_000 });
});

const audio = audioFixture('short-en').bytes();

async function timed(work: Promise<AxiosResponse>) {
  const startedAtMs = Date.now();
  const { status, headers } = await work;
  return { status, headers, tookMs: Date.now() - startedAtMs };
}

/** Three answers, asked for at once, and how long the quickest took: what a busy machine adds to one is not ours. */
async function thrice(ask: () => Promise<AxiosResponse>) {
  const answers = await Promise.all([1, 2, 3].map(() => timed(ask())));
  return { answers, quickestMs: Math.min(...answers.map(({ tookMs }) => tookMs)) };
}

function isReady(): Promise<boolean> {
  return stack.get('/health/ready', null).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** A recording whose upload takes this long, on its way. */
async function uploading(name: string, delayMs: number): Promise<void> {
  const subject = recordingIdOf(name);
  await stack.gc.faults.order({ target: 's3.put', kind: 'delay', delayMs, subject });
  await stack.put(name, audio);
  await stack.inject(name);
  await stack.until(name, 'uploading');
}

it('acknowledges nothing that Redis could forget: killed among requests, all of the 202 arrive', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `killed-${index}.opus`);
  await Promise.all(names.map((name) => stack.put(name, audio)));
  const answers: (Awaited<ReturnType<typeof timed>> & { name: string })[] = [];
  const left = [...names];
  let killed: Promise<void> | undefined;
  const caller = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      answers.push({ name, ...(await timed(stack.injectOnce(name))) });
      if (answers.length >= 10) killed ??= stack.redis.kill();
    }
  };
  await Promise.all([1, 2, 3, 4, 5, 6].map(caller));
  await killed;
  const accepted = answers.filter(({ status }) => status === 202);
  const refused = answers.filter(({ status }) => status === 503);
  expect(accepted.length).toBeGreaterThan(0);
  expect(refused.length).toBeGreaterThan(0);
  expect(accepted.length + refused.length).toBe(names.length);
  expect(medianOf(refused.map(({ tookMs }) => tookMs))).toBeLessThan(answeredWithinMs);

  await stack.redis.restart();
  await waitFor('readiness', isReady);
  await Promise.all(accepted.map(({ name }) => stack.until(name, 'uploaded')));
  const again = await Promise.all(refused.map(({ name }) => stack.inject(name)));
  expect(again.every(({ status }) => status === 202 || status === 200)).toBe(true);
  await Promise.all(refused.map(({ name }) => stack.until(name, 'uploaded')));
  await stack.gc.settled();
  expect(stack.gc.recordings()).toHaveLength(names.length);
});

it('says 503 at once while Redis is down, says why, and goes on by itself when it is back', async () => {
  // Longer would be longer than the lease of the recording.
  await uploading('over-the-outage.opus', 4_000);
  await stack.redis.kill();
  const [accept, read] = await Promise.all([
    thrice(() => stack.injectOnce('down.opus')),
    thrice(() => stack.get('/api/v1/injections')),
  ]);
  const ready = await waitFor('readiness to be asked anew', async () => {
    const answer = await stack.get('/health/ready', null);
    return answer.status === 503 && answer;
  });
  await waitFor('the end of the upload', () => stack.arrived('over-the-outage.opus'));
  await stack.redis.restart();
  for (const { answers, quickestMs } of [accept, read]) {
    expect(quickestMs).toBeLessThan(answeredWithinMs);
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(answer.headers).toMatchObject({
        'content-type': expect.stringContaining('application/problem+json'),
        'retry-after': expect.stringMatching(/^\d+$/),
      });
    }
  }
  expect(ready.data.checks.redis).toMatchObject({ status: 'down' });
  await waitFor('readiness', isReady);
  expect((await stack.inject('down.opus')).status).toBe(202);
  await stack.put('down.opus', audio);
  await stack.until('down.opus', 'uploaded');
  await stack.until('over-the-outage.opus', 'uploaded');
  expect((await stack.verdict('over-the-outage.opus')).uploads).toBe(1);
  expect(stack.exrp.exitCode()).toBeUndefined();
});

it('says 503 in time when Redis is there and silent', async () => {
  process.kill(stack.redis.pid(), 'SIGSTOP');
  try {
    const { answers, quickestMs } = await thrice(() => stack.injectOnce('silent.opus'));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(quickestMs).toBeLessThan(answeredWithinMs);
  } finally {
    process.kill(stack.redis.pid(), 'SIGCONT');
  }
  await waitFor('readiness', isReady);
});

it('says 503 while Redis is full, leaves nothing half-written, and loses no outcome', async () => {
  const name = 'full.opus';
  const id = recordingIdOf(name);
  await uploading('over-the-flood.opus', 4_000);
  const refusedBefore = await refusals();
  await redis.config('SET', 'maxmemory', '1');
  const { answers, quickestMs } = await thrice(() => stack.injectOnce(name));
  const keys = await redis.keys(`*${id}*`);
  await waitFor('the end of the upload', () => stack.arrived('over-the-flood.opus'));
  await redis.config('SET', 'maxmemory', '0');
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(quickestMs).toBeLessThan(answeredWithinMs);
  expect(await refusals()).toBe(refusedBefore + 3);
  expect(keys).toEqual([]);

  await stack.put(name, audio);
  expect((await stack.inject(name)).status).toBe(202);
  await stack.until(name, 'uploaded');
  await stack.until('over-the-flood.opus', 'uploaded');
  expect((await stack.verdict('over-the-flood.opus')).uploads).toBe(1);
});

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Injections refused with 503 so far, as the alarm sees them. */
function refusals(): Promise<number> {
  const labels = { route: '/api/v1/injections', method: 'POST', status: '503' };
  return stack.metric('exrec_http_request_seconds_count', labels);
}

it('counts no upload twice, and leaves nothing in its spool', async () => {
  expect(await stack.metric('exrec_duplicate_uploads_total')).toBe(0);
  expect(await stack.spooled()).toEqual({ all: [], clear: [] });
});

it('gives a recording its job again when Redis comes back without it', async () => {
  const name = 'without-job.opus';
  await stack.inject(name);
  await stack.until(name, 'waiting');
  const queue = createQueue({ name: injectionQueueName, prefix: '{exrec}', connection: redis });
  const isGone = async () => (await queue.remove(recordingIdOf(name))) === 1;
  await waitFor('the job to be between two attempts', isGone);
  await queue.close();
  await stack.put(name, audio);
  await stack.redis.kill();
  await sleep(5_000);
  await stack.redis.restart();
  // By itself it would be looked for minutes later.
  await stack.until(name, 'uploaded');
});
