import { ownRedis } from '@exrec/service-kit/testing';
import { startRedis, waitFor } from '@exrec/testing';
import { Redis } from 'ioredis';
import type { TakeRequest } from '../src/budget/budget-store.js';
import { redisBudgetStore } from '../src/budget/redis-budget-store.js';
import { waitingBudget } from '../src/budget/waiting-budget.js';

const redis = ownRedis();

const times = (count: number) => [...Array(count).keys()];

describe('the budget in Redis', () => {
  /** One request a minute: nothing grows while a test runs. */
  const store = () =>
    redisBudgetStore({ redis: redis(), keyspace: '{exrec-test}', requestsPerMinute: 1 });

  it('keeps all its keys in one slot of a cluster, and lets them die', async () => {
    const request: TakeRequest = {
      waiterId: 'w',
      kind: 'upload',
      clientKeys: ['a', 'b'],
      waitedMs: 0,
    };
    for (const _ of times(3)) await store().tryTake(request);
    const keys = await redis().keys('*');
    expect(keys.toSorted()).toEqual([
      '{exrec-test}:gc-budget:client:a',
      '{exrec-test}:gc-budget:client:b',
      '{exrec-test}:gc-budget:seen',
      '{exrec-test}:gc-budget:waiting',
    ]);
    for (const key of keys) expect(await redis().pttl(key)).toBeGreaterThan(0);
  });

  it('forgets a waiter whose process died', async () => {
    const request: TakeRequest = {
      waiterId: 'dead',
      kind: 'upload',
      clientKeys: ['a'],
      waitedMs: 3000,
    };
    for (const _ of times(2)) await store().tryTake(request);
    expect(await redis().zcard('{exrec-test}:gc-budget:waiting')).toBe(1);
    await redis().zincrby('{exrec-test}:gc-budget:seen', -11_000, 'dead');
    await store().tryTake({ ...request, waiterId: 'alive' });
    expect(await redis().zrange('{exrec-test}:gc-budget:waiting', '0', '-1')).toEqual(['alive']);
  });

  it('goes on when the clock of Redis jumps back', async () => {
    const request: TakeRequest = { waiterId: 'w', kind: 'upload', clientKeys: ['a'], waitedMs: 0 };
    const future = Date.now() + 3_600_000;
    await redis().hset('{exrec-test}:gc-budget:client:a', {
      tokens: 1,
      at: future,
      paused: future,
    });
    expect(await store().tryTake(request)).toEqual({ state: 'granted', clientKey: 'a' });
    expect(await store().tryTake(request)).toMatchObject({ state: 'wait' });
    expect(Number(await redis().hget('{exrec-test}:gc-budget:client:a', 'at'))).toBeLessThan(
      future - 3_000_000,
    );
  });

  it('fails at once and lets nothing through when Redis is gone or silent, and recovers', async () => {
    const own = await startRedis();
    const client = new Redis(own.url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    await waitFor('the connection', () => client.status === 'ready');
    const budget = waitingBudget(
      redisBudgetStore({
        redis: client,
        keyspace: '{x}',
        requestsPerMinute: 200,
        answerWithinMs: 3_000,
      }),
    );
    process.kill(own.pid(), 'SIGSTOP');
    await expect(budget.take('upload', ['a'])).rejects.toMatchObject({
      code: 'gc-unavailable',
      retry: 'later',
    });
    process.kill(own.pid(), 'SIGCONT');
    await expect(budget.take('upload', ['a'])).resolves.toBe('a');
    await own.kill();
    await expect(budget.take('upload', ['a'])).rejects.toMatchObject({
      code: 'gc-unavailable',
      retry: 'later',
    });
    await own.restart();
    await waitFor('the connection', () => client.status === 'ready');
    await expect(budget.take('upload', ['a'])).resolves.toBe('a');
    client.disconnect();
    await own.stop();
  });
});
