import { Failure } from '@exrec/service-kit';
import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import { Redis } from 'ioredis';
import { bucketSize } from '../src/budget/budget-rules.js';
import type { BudgetStore, TakeRequest } from '../src/budget/budget-store.js';
import { memoryBudgetStore } from '../src/budget/memory-budget-store.js';
import { redisBudgetStore } from '../src/budget/redis-budget-store.js';
import { waitingBudget } from '../src/budget/waiting-budget.js';
import type { CallKind } from '../src/index.js';

let server: RedisServer;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = connect();
  await waitFor('the connection', () => redis.status === 'ready');
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(async () => {
  await redis.flushall();
});

function connect(): Redis {
  const client = new Redis(server.url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  return client;
}

/** A store, in memory with this clock; Redis has its own. */
type CreateStore = (requestsPerMinute: number, now?: () => number) => BudgetStore;

const adapters: [string, CreateStore][] = [
  ['memory', (requestsPerMinute, now = Date.now) => memoryBudgetStore({ requestsPerMinute, now })],
  [
    'Redis',
    (requestsPerMinute) => redisBudgetStore({ redis, keyspace: '{exrec-test}', requestsPerMinute }),
  ],
];

const times = (count: number) => [...Array(count).keys()];

describe.each(adapters)('the budget in %s', (where, createStore) => {
  const isMemory = where === 'memory';
  /** 200 a minute: 10 at once, and one more in a third of a second. */
  const slow = 200;
  /** 20 a minute: one at once, and one more in three seconds. */
  const slower = 20;
  const standing = () => 1_800_000_000_000;
  /** How much a client's budget of `slow` may have grown since then, in Redis. */
  const grownSince = (startedMs: number) =>
    Math.ceil(bucketSize(slow).perMs * (performance.now() - startedMs));
  const expectAbout = (count: number, least: number, startedMs: number, clients = 1) => {
    expect(count).toBeGreaterThanOrEqual(least);
    const most = least + clients * grownSince(startedMs);
    expect(count).toBeLessThanOrEqual(isMemory ? least : most);
  };
  let nextWaiter = 0;
  const ask = (store: BudgetStore, request: Partial<TakeRequest> = {}) =>
    store.tryTake({
      waiterId: `w-${(nextWaiter += 1)}`,
      kind: 'upload',
      clientKeys: ['a'],
      waitedMs: 0,
      ...request,
    });
  const granted = async (store: BudgetStore, request: Partial<TakeRequest> = {}) => {
    for (let count = 0; ; count += 1) {
      const answer = await ask(store, { waiterId: 'greedy', ...request });
      if (answer.state !== 'granted') {
        await store.leave('greedy');
        return count;
      }
    }
  };

  it('keeps a reserve for reports and uploads, and one for uploads', async () => {
    const startedMs = performance.now();
    const store = createStore(slow, standing);
    let count = await granted(store, { kind: 'configuration' });
    expectAbout(count, 5, startedMs);
    count += await granted(store, { kind: 'report' });
    expectAbout(count, 7, startedMs);
    count += await granted(store, { kind: 'upload' });
    expectAbout(count, 10, startedMs);
  });

  it('lets every kind pass when a single request is all there is', async () => {
    for (const kind of ['upload', 'report', 'configuration'] as const) {
      const store = createStore(1);
      await redis.flushall();
      expect(await granted(store, { kind })).toBe(1);
    }
  });

  it('adds the budgets of several clients and uses them evenly', async () => {
    const startedMs = performance.now();
    const store = createStore(slow, standing);
    const used: string[] = [];
    for (const _ of times(20)) {
      const answer = await ask(store, { clientKeys: ['a', 'b'] });
      if (answer.state === 'granted') used.push(answer.clientKey);
    }
    expect(used.filter((key) => key === 'a')).toHaveLength(10);
    expect(used.filter((key) => key === 'b')).toHaveLength(10);
    expectAbout(await granted(store, { clientKeys: ['a', 'b'] }), 0, startedMs, 2);
  });

  it('serves configuration before newer uploads once it has waited long', async () => {
    const store = createStore(slower);
    await granted(store);
    const askedMs = performance.now();
    const old = await ask(store, { kind: 'configuration', waitedMs: 61_000 });
    const young = await ask(store, { kind: 'upload' });
    const elapsedMs = performance.now() - askedMs;
    if (old.state !== 'wait' || young.state !== 'wait') throw new Error('both have to wait');
    expect(young.waitMs + elapsedMs).toBeGreaterThan(old.waitMs + 200);
  });

  it('serves uploads before configuration that came earlier', async () => {
    const store = createStore(slow);
    await granted(store);
    const early = await ask(store, { kind: 'configuration', waitedMs: 10_000 });
    const late = await ask(store, { kind: 'upload' });
    if (early.state !== 'wait') throw new Error('has to wait');
    // Its turn may have come already.
    const lateMs = late.state === 'granted' ? 0 : late.waitMs;
    expect(early.waitMs).toBeGreaterThan(lateMs + 200);
  });

  it('gives the place of a waiter who leaves to the next', async () => {
    const store = createStore(slower);
    await granted(store);
    await ask(store, { waiterId: 'first', waitedMs: 5000 });
    const behind = await ask(store, { waiterId: 'second' });
    await store.leave('first');
    const first = await ask(store, { waiterId: 'second' });
    if (behind.state !== 'wait' || first.state !== 'wait') throw new Error('has to wait');
    expect(first.waitMs).toBeLessThan(behind.waitMs - 200);
  });

  it('leaves a paused client alone, never shortens a pause, and uses the others', async () => {
    const store = createStore(slow);
    await store.restrict('a', { remaining: 100, pauseMs: 20_000 });
    await store.restrict('a', { remaining: 100, pauseMs: 1000 });
    const paused = await ask(store);
    if (paused.state !== 'paused') throw new Error('a is not paused');
    expect(paused.waitMs).toBeGreaterThan(15_000);
    expect(paused.waitMs).toBeLessThanOrEqual(20_000);
    expect(await ask(store, { clientKeys: ['a', 'b'] })).toEqual({
      state: 'granted',
      clientKey: 'b',
    });
  });

  it('bounds a pause that nobody could mean', async () => {
    const store = createStore(slow);
    await store.restrict('a', { remaining: 100, pauseMs: 1e12 });
    expect(await ask(store)).toMatchObject({ state: 'paused' });
    const { waitMs } = (await ask(store)) as { waitMs: number };
    expect(waitMs).toBeLessThanOrEqual(15 * 60_000);
  });

  it('starts with nothing after a pause, not with a burst', async () => {
    const store = createStore(slow);
    const startedMs = performance.now();
    await store.restrict('a', { remaining: 100, pauseMs: 30 });
    const waiting = { waiterId: 'greedy' };
    await waitFor('the pause', async () => (await ask(store, waiting)).state !== 'paused');
    const count = await granted(store);
    expect(count).toBeLessThanOrEqual(1 + grownSince(startedMs));
  });

  it('never uses more than GC says is left', async () => {
    const startedMs = performance.now();
    const store = createStore(slow, standing);
    await store.restrict('a', { remaining: 2, pauseMs: 0 });
    expectAbout(await granted(store), 2, startedMs);
  });

  it('keeps the limit over two instances with a burst of callers, and serves both', async () => {
    const perMinute = 2400;
    const { capacity, perMs } = bucketSize(perMinute);
    const store = createStore(perMinute);
    const instances = [waitingBudget(store), waitingBudget(store)];
    const grants: { atMs: number; instance: number }[] = [];
    const startedMs = performance.now();
    await Promise.all(
      times(160).map(async (n) => {
        await instances[n % 2]!.take('upload', ['a']);
        grants.push({ atMs: performance.now() - startedMs, instance: n % 2 });
      }),
    );
    grants.forEach(({ atMs }, index) => {
      expect(index + 1).toBeLessThanOrEqual(capacity + perMs * atMs + 1);
    });
    const afterBurst = grants.slice(120);
    expect(afterBurst.filter(({ instance }) => instance === 0).length).toBeGreaterThan(10);
    expect(afterBurst.filter(({ instance }) => instance === 1).length).toBeGreaterThan(10);
  });

  it('serves urgent kinds first, and callers of a kind in their order', async () => {
    const kinds: CallKind[] = ['configuration', 'report', 'upload'];
    const served = async () => {
      await redis.flushall();
      const store = createStore(1800);
      const instances = [waitingBudget(store), waitingBudget(store)];
      await granted(store);
      const order: string[] = [];
      await Promise.all(
        kinds.flatMap((kind, index) =>
          times(4).map(async (n) => {
            await instances[index % 2]!.take(kind, ['a']);
            order.push(`${kind} ${n}`);
          }),
        ),
      );
      return order;
    };
    const right = kinds.toReversed().flatMap((kind) => times(4).map((n) => `${kind} ${n}`));
    // While a machine stands still for a second the budget grows, and then there is enough for all at once.
    let order = await served();
    for (let tries = 1; tries < 3 && order.join() !== right.join(); tries += 1)
      order = await served();
    expect(order).toEqual(right);
  });

  it('lets a caller go who gives up, and serves the next', async () => {
    const store = createStore(1200);
    const budget = waitingBudget(store);
    await granted(store);
    const cancel = new AbortController();
    const outcomes = [
      budget.take('upload', ['a'], cancel.signal),
      budget.take('upload', ['a'], cancel.signal),
      budget.take('upload', ['a']),
    ];
    cancel.abort();
    const [head, waiting, next] = await Promise.allSettled(outcomes);
    for (const gone of [head, waiting]) {
      expect(gone).toMatchObject({
        status: 'rejected',
        reason: { code: 'gc-unavailable', retry: 'later' },
      });
    }
    expect(next).toEqual({ status: 'fulfilled', value: 'a' });
  });

  it('does not sit out a long pause but says when to come again', async () => {
    const budget = waitingBudget(createStore(slow));
    await budget.pause('a', 60_000);
    const failure: unknown = await budget.take('upload', ['a']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code: 'gc-rate-limited', retry: 'later' });
    expect((failure as Failure).retryAfterMs).toBeGreaterThan(55_000);
  });

  it('pauses until GC’s window resets when nothing is left', async () => {
    const store = createStore(slow);
    await waitingBudget(store).observe('a', { remaining: 0, resetMs: 40_000 });
    expect(await ask(store)).toMatchObject({ state: 'paused' });
  });
});
