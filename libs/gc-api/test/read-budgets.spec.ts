import { ownRedis } from '@exrec/service-kit/testing';
import { readBudgets, redisRateBudget } from '../src/index.js';

const own = ownRedis();

it('tells what is left of a budget and how long it is paused, and takes nothing', async () => {
  const redis = own();
  const keyspace = '{test}';
  // So slow that nothing grows back while this test runs.
  const requestsPerMinute = 200;
  const budget = redisRateBudget({ redis, keyspace, requestsPerMinute });
  const check = async () => {
    const [seconds = '0'] = (await redis.time()).map(String);
    const nowMs = Number(seconds) * 1000;
    return readBudgets(['a', 'b'], { redis, keyspace, requestsPerMinute, nowMs });
  };
  await budget.take('upload', ['a']);
  await budget.pause('a', 60_000);
  for (let turn = 0; turn < 2; turn += 1) {
    const [used, unused] = await check();
    expect(used).toMatchObject({ requestsPerMinute, burst: 10, left: 0 });
    expect(used?.pausedForMs).toBeGreaterThan(30_000);
    expect(unused).toEqual({ requestsPerMinute, burst: 10, left: 10, pausedForMs: 0 });
  }
});
