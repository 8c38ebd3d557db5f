import { setTimeout as sleep } from 'node:timers/promises';
import {
  startRedisCluster,
  startRedisSentinels,
  type RedisCluster,
  type RedisSentinels,
  type RedisServer,
} from '@exrec/testing';
import { Command } from 'ioredis';

/** A Redis that something can be done to, as an operator or a machine would. */
export type Victim = {
  /** Settings of the services. */
  readonly settings: Readonly<Record<string, string>>;
  master(): Promise<RedisServer>;
  /** The failover that an operator asks for. */
  failover(): Promise<void>;
  stop(): Promise<void>;
};

/** A master, replicas and three Sentinels. */
export async function sentinelVictim(replicas: number): Promise<Victim> {
  const fleet: RedisSentinels = await startRedisSentinels({
    replicas,
    sentinels: 3,
    downAfterMs: 5_000,
  });
  return {
    settings: { REDIS_SENTINELS: fleet.sentinels, REDIS_SENTINEL_MASTER: fleet.masterName },
    master: () => fleet.master(),
    failover: () => fleet.failover(),
    stop: () => fleet.stop(),
  };
}

/** Three masters, with a replica each. */
export async function clusterVictim(): Promise<Victim> {
  const cluster: RedisCluster = await startRedisCluster({ replicas: true, nodeTimeoutMs: 5_000 });
  const slot = new Command('get', ['{exrec}']).getSlot();
  return {
    settings: { REDIS_CLUSTER_NODES: cluster.nodes },
    master: () => cluster.ownerOf(slot),
    failover: () => cluster.failover(slot),
    stop: () => cluster.stop(),
  };
}

export const faultNames = ['none', 'hang', 'kill', 'planned'] as const;
export type FaultName = (typeof faultNames)[number];

/** How long a master hangs, as in a machine that swaps, or a virtual one that is moved. */
const hangMs = 45_000;

/** Does it, and comes back when the master of before is there again, as whatever it then is. */
export async function inflict(name: FaultName, victim: Victim): Promise<void> {
  if (name === 'none') return;
  if (name === 'planned') {
    await victim.failover();
    return;
  }
  const master = await victim.master();
  if (name === 'hang') {
    process.kill(master.pid(), 'SIGSTOP');
    await sleep(hangMs);
    process.kill(master.pid(), 'SIGCONT');
    return;
  }
  await master.kill();
  await sleep(20_000);
  await master.restart();
}
