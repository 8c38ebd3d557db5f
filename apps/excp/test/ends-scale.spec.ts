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

const calls = 48;
/** The way to Redis takes so long that waiting for it, and not this machine's processor, decides how fast one is. */
const latencyMs = 300;

let stack: ExcpStack;
let redis: Redis;
const proxies: FaultProxy[] = [];
const started: StartedApp[] = [];
beforeAll(async () => {
  stack = await ExcpStack.start({ EXCP_SETTLE_SECONDS: '900', EXCP_QUIET_PERIOD_SECONDS: '900' });
  redis = new Redis(stack.redis.url);
}, 120_000);
afterAll(async () => {
  redis.disconnect();
  await Promise.all(started.map((app) => app.kill()));
  await stack.stop();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
});

it('ends nearly twice as many interactions with two instances as with one', async () => {
  const [alone] = await endsPerSecond(1);
  const [together, shares] = await endsPerSecond(2);
  // Shown in the report of the test run.
  process.stdout.write(`ends/s: one instance ${alone.toFixed(0)}, two ${together.toFixed(0)}\n`);
  expect(together / alone).toBeGreaterThan(1.5);
  for (const share of shares) expect(share).toBeGreaterThan(calls / 4);
}, 240_000);

/** @returns the speed, and how many each instance has ended */
async function endsPerSecond(instances: number): Promise<[number, number[]]> {
  const ids = Array.from({ length: calls }, newCallUUID);
  await stack.postEvents(ids.slice(0, calls).flatMap((id) => queueCallEvents(id)));
  await stack.postMetadata(ids.map((id) => mediaFile(id)));
  // It only collects.
  await stack.excp.kill('SIGTERM');
  const apps = await Promise.all(Array.from({ length: instances }, farFromRedis));
  const startedAtMs = Date.now();
  await redis.zadd('{exrec}:due', ...ids.flatMap((id) => [startedAtMs, id]));
  const shares = await waitFor(
    'all ends',
    async () => {
      const ended = await Promise.all(apps.map(endedBy));
      return ended.reduce((sum, count) => sum + count, 0) >= calls ? ended : undefined;
    },
    { timeoutMs: 60_000, everyMs: 50 },
  );
  const seconds = (Date.now() - startedAtMs) / 1000;
  await Promise.all(apps.map((app) => app.kill('SIGTERM')));
  await stack.restart();
  return [calls / seconds, shares];
}

async function farFromRedis(): Promise<StartedApp> {
  const target = { host: '127.0.0.1', port: stack.redis.port };
  const proxy = await startFaultProxy({ target, faults: { downstream: { latencyMs } } });
  proxies.push(proxy);
  const url = `redis://127.0.0.1:${proxy.port}`;
  const app = await startApp('excp', {
    ...stack.env,
    REDIS_URL: url,
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
