import { connectRedis, keyspace, silentLogger, type RedisClient } from '@exrec/service-kit';
import { Cluster } from 'ioredis';
import type { AllSettings } from './settings.js';
import { fine, stops, warning, type Finding } from './finding.js';

const patienceMs = 5_000;

/** Whether Redis can be reached and will not forget: version, persistence, eviction, replicas, a write. */
export async function checkRedis(settings: AllSettings): Promise<Finding[]> {
  const redis = connectRedis({ settings, role: 'command', logger: silentLogger });
  try {
    await connected(redis);
    const info = Object.fromEntries(
      (await redis.info()).split('\r\n').map((line) => line.split(':', 2)),
    ) as Readonly<Record<string, string | undefined>>;
    await tryWriting(redis, `${keyspace(settings)}:check`);
    return findingsOf(info, redis instanceof Cluster ? 'cluster' : topologyOf(settings));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no answer';
    return [
      stops(
        'redis',
        `cannot be used: ${reason}`,
        'REDIS_URL, REDIS_SENTINELS, REDIS_CLUSTER_NODES',
      ),
    ];
  } finally {
    redis.disconnect();
  }
}

/** Written and gone again in one step: nobody ever sees it. */
async function tryWriting(redis: RedisClient, key: string): Promise<void> {
  const answers = await redis.multi().set(key, '1').del(key).exec();
  for (const [error] of answers ?? []) if (error !== null) throw error;
}

async function connected(redis: RedisClient): Promise<void> {
  if (redis.status === 'ready') return;
  let lastError: unknown;
  const remember = (error: unknown) => (lastError = error);
  redis.on('error', remember);
  redis.on('node error', remember);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(lastError instanceof Error ? lastError : new Error('it does not answer'));
    }, patienceMs);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function topologyOf(settings: AllSettings): 'sentinel' | 'single' {
  return settings.REDIS_SENTINELS === undefined ? 'single' : 'sentinel';
}

function findingsOf(
  info: Readonly<Record<string, string | undefined>>,
  topology: 'single' | 'sentinel' | 'cluster',
): Finding[] {
  const findings: Finding[] = [];
  const policy = info.maxmemory_policy ?? 'noeviction';
  if (policy !== 'noeviction')
    findings.push(
      stops('redis', `maxmemory-policy is ${policy}`, 'noeviction, or recordings are lost'),
    );
  if (info.aof_enabled !== '1')
    findings.push(
      warning(
        'redis',
        'append-only file is off',
        'appendonly yes: a crash loses what was accepted',
      ),
    );
  const replicas = Number(info.connected_slaves ?? 0);
  if (topology !== 'single' && replicas === 0)
    findings.push(
      warning('redis', 'the master has no replica', 'with none in sync a failover loses writes'),
    );
  if (findings.length > 0) return findings;
  const words = [info.redis_version ?? '', 'append-only', policy, topology];
  if (replicas > 0) words.push(`${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`);
  return [fine('redis', words.join(', '))];
}
