import {
  connectRedis,
  readSettings,
  redisSettingNames,
  silentLogger,
  type RedisClient,
} from '@exrec/service-kit';
import { startRedisCluster, type RedisCluster } from '@exrec/testing';
import { consultCall, event, log, rootCall } from '../../test/feed/feed.js';
import { loaded, segmentOf } from '../../test/kept-calls.js';
import { CallLog } from './call-log.js';
import { DueCalls } from './due-calls.js';
import { InteractionList } from './interaction-list.js';

let cluster: RedisCluster;
let redis: RedisClient;

beforeAll(async () => {
  cluster = await startRedisCluster();
  const settings = readSettings(redisSettingNames, { REDIS_CLUSTER_NODES: cluster.nodes });
  redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
});
afterAll(async () => {
  redis.disconnect();
  await cluster.stop();
});

it('keeps, ends, archives and lists interactions on a Redis Cluster', async () => {
  const place = { redis, prefix: '{exrec}', keepMs: 3 * 86_400_000, now: Date.now };
  const calls = new CallLog({ ...place, quietPeriodMs: 1, settleMs: 1, maxInteractionMs: 1 });
  const created = { callUUID: consultCall, parentCallUUID: rootCall };
  const entries = [
    ...log([event('EventCallCreated', 0), event('EventCallCreated', 1, created)]),
    segmentOf(consultCall),
  ];
  // Often enough that one command that goes anywhere would not always be lucky.
  for (let round = 0; round < 10; round += 1) {
    await calls.append(entries);
    const kept = await loaded(calls, consultCall);
    expect(kept.stored.calls.map(({ callUUID }) => callUUID)).toEqual([rootCall, consultCall]);
    const nextCheckAtMs = Date.now() - 1_000;
    expect(await calls.commit(kept, { nextCheckAtMs: nextCheckAtMs })).toBe(true);
    const due = new DueCalls(place);
    expect(await due.take(10)).toEqual([{ callUUID: rootCall, failures: 0 }]);
    await due.postpone({ callUUID: rootCall, failures: 0 });
    expect((await due.backlog()).postponed).toBe(1);
    await due.recovered(rootCall);
    expect(await calls.archive(await loaded(calls, rootCall))).toBe(true);
    expect(await calls.append(entries)).toEqual(Array(3).fill('duplicate'));
    const list = new InteractionList(place);
    const listed: string[] = [];
    for await (const { callUUIDs } of list.all()) listed.push(...callUUIDs);
    expect(listed).toContain(rootCall);
    expect((await loaded(calls, consultCall)).entries).toHaveLength(3);
    await Promise.all(cluster.servers.map((server) => flush(server.url)));
  }
});

async function flush(url: string): Promise<void> {
  const settings = readSettings(redisSettingNames, { REDIS_URL: url });
  const node = connectRedis({ settings, role: 'worker', logger: silentLogger });
  await node.flushall();
  node.disconnect();
}
