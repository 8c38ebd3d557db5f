import { startRedis, type RedisServer } from '@exrec/testing';
import { clusterVictim, sentinelVictim, type Victim } from '../fault.js';
import type { RedisForm } from '../plan/fault.js';

/** A single Redis is reached over one link for each instance, so its settings are not here. */
export type RedisUnderTest = Victim & { readonly single: RedisServer | undefined };

export async function startRedisForm(form: RedisForm): Promise<RedisUnderTest> {
  if (form === 'sentinel') return { ...(await sentinelVictim(2)), single: undefined };
  if (form === 'cluster') return { ...(await clusterVictim()), single: undefined };
  const single = await startRedis();
  return {
    single,
    settings: {},
    master: () => Promise.resolve(single),
    failover: () => Promise.reject(new Error('a single Redis has nobody to fail over to')),
    stop: () => single.stop(),
  };
}
