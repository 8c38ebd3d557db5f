import {
  startApp,
  startFaultProxy,
  waitFor,
  type FaultProxy,
  type StartedApp,
} from '@exrec/testing';
import { Redis } from 'ioredis';
import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

/** Three times what one instance takes at once. */
const callsOfAWave = 48;
/** What one instance looks at at the same time. */
const fairShare = 16;
const maxWaves = 10;
/** The way to Redis, as if it were far: while one waits for it, the other has its turn. */
const latencyMs = 100;

let stack: ExcpStack;
let redis: Redis;
const proxies: FaultProxy[] = [];
const started: StartedApp[] = [];
beforeAll(async () => {
  stack = await ExcpStack.start({ EXCP_SETTLE_SECONDS: '900', EXCP_QUIET_PERIOD_SECONDS: '900' });
  redis = new Redis(stack.redis.url);
});
afterAll(async () => {
  redis.disconnect();
  await Promise.all(started.map((app) => app.kill()));
  await stack.stop();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
});

// How much faster two are is measured by `npm run bench -- ends`.
it('has two instances share the ends, each of which is made once', async () => {
  const waves = Array.from({ length: maxWaves }, () =>
    Array.from({ length: callsOfAWave }, newCallUUID),
  );
  for (const ids of waves) {
    await stack.postEvents(ids.flatMap((id) => queueCallEvents(id)));
    await stack.postMetadata(ids.map((id) => mediaFile(id)));
  }
  // It only collects.
  await stack.excp.kill('SIGTERM');
  const apps = await Promise.all([farFromRedis(), farFromRedis()]);
  const due: string[] = [];
  let shares: readonly number[] = [0, 0];
  for (const ids of waves) {
    due.push(...ids);
    await redis.zadd('{exrec}:due', ...ids.flatMap((id) => [Date.now(), id]));
    shares = await waitFor(
      'all ends',
      async () => {
        const ended = await Promise.all(apps.map(endedBy));
        return ended.reduce((sum, count) => sum + count, 0) >= due.length ? ended : undefined;
      },
      { timeoutMs: 180_000 },
    );
    if (Math.min(...shares) >= fairShare) break;
  }
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(fairShare);
  await waitFor('all requests', () => stack.exrp.received.length >= due.length);
  expect(shares.reduce((sum, count) => sum + count, 0)).toBe(due.length);
  const received = stack.exrp.received.map(({ audioFile }) => audioFile);
  expect(received.toSorted()).toEqual(due.map((id) => `${id}_a.opus`).toSorted());
});

async function farFromRedis(): Promise<StartedApp> {
  const target = { host: '127.0.0.1', port: stack.redis.port };
  const proxy = await startFaultProxy({ target, faults: { downstream: { latencyMs } } });
  proxies.push(proxy);
  const app = await startApp('excp', {
    ...stack.env,
    REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
    EXCP_SETTLE_SECONDS: '0.3',
  });
  started.push(app);
  return app;
}

async function endedBy(app: StartedApp): Promise<number> {
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  const counts = metrics.matchAll(/^exrec_interactions_ended_total\{[^}]*\} (\d+)/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
