import { startRedisCluster, startRedisSentinels, waitFor } from '@exrec/testing';
import { startCalls, type Calls } from '../src/calls.js';
import { startFleet, type Fleet } from '../src/fleet.js';
import { settledOutcome } from '../src/outcome.js';

/** Undone after each test, last first. */
const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function fleetOn(redis: Readonly<Record<string, string>>): Promise<Fleet> {
  const fleet = await startFleet({ redis, excps: 1, exrps: 1 });
  undo.push(() => fleet.stop());
  return fleet;
}

/** Every acknowledged recording is in Genesys Cloud; MCP saw nothing but 200, 503 and broken connections. */
async function expectAll(fleet: Fleet, calls: Calls): Promise<void> {
  await calls.finish();
  const outcome = await settledOutcome(fleet, calls.accepted, 180_000);
  expect(outcome).toMatchObject({ arrived: calls.accepted.size, failed: 0, waiting: 0, lost: 0 });
  await fleet.gc.settled();
  const wrong = fleet.gc.recordings().filter(({ verdict }) => verdict?.ok !== true);
  expect(wrong).toEqual([]);
  const kinds = [...calls.answers.keys()].filter((kind) => !['200', '503', 'none'].includes(kind));
  expect(kinds).toEqual([]);
}

it('brings every recording through a Redis Cluster of three masters and three replicas', async () => {
  const cluster = await startRedisCluster({ replicas: true });
  undo.push(() => cluster.stop());
  const fleet = await fleetOn({ REDIS_CLUSTER_NODES: cluster.nodes });
  const calls = startCalls({ fleet, perSecond: 5 });
  await waitFor('calls', () => calls.accepted.size >= 10);
  await expectAll(fleet, calls);
});

it('brings every recording through a failover of Redis Sentinel', async () => {
  const redis = await startRedisSentinels({ replicas: 2 });
  undo.push(() => redis.stop());
  const [former] = redis.servers;
  const fleet = await fleetOn({
    REDIS_SENTINELS: redis.sentinels,
    REDIS_SENTINEL_MASTER: redis.masterName,
    REDIS_REPLICA_GRACE_SECONDS: '2',
  });
  const calls = startCalls({ fleet, perSecond: 5 });
  await waitFor('calls', () => calls.accepted.size >= 5);
  await redis.failover();
  await waitFor('another master', async () => (await redis.master()) !== former);
  const before = calls.accepted.size;
  await waitFor('calls after it', () => calls.accepted.size >= before + 10);
  await expectAll(fleet, calls);
});
