import { Redis } from 'ioredis';
import { startRedisSentinels, waitFor, type RedisSentinels } from '@exrec/testing';
import { silentLogger } from '../src/log/logger.js';
import { connectRedis, redisSettingNames, type RedisClient } from '../src/redis/connect-redis.js';
import { readSettings } from '../src/settings/read-settings.js';

let fleet: RedisSentinels;
const clients: RedisClient[] = [];

beforeAll(async () => {
  fleet = await startRedisSentinels({ replicas: 1, sentinels: 5 });
});
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await fleet.stop();
});

// Two of five Sentinels hang: whoever looks for the master waits for these, and hears of the failover from the others.
it('a client that hears of a failover while it looks for the master goes on looking', async () => {
  const settings = readSettings(redisSettingNames, {
    REDIS_SENTINELS: fleet.sentinels,
    REDIS_SENTINEL_MASTER: fleet.masterName,
    REDIS_WAIT_REPLICAS: '0',
  });
  const roles = ['command', 'worker', 'command', 'worker'] as const;
  clients.push(...roles.map((role) => connectRedis({ settings, role, logger: silentLogger })));
  const [, worker] = clients;
  const copy = worker instanceof Redis ? worker.duplicate() : undefined;
  if (copy === undefined) throw new Error('not of Sentinels');
  copy.on('error', () => undefined);
  clients.push(copy);
  const answers = async (client: RedisClient) =>
    (await client.set('k', 'v').catch(String)) === 'OK';
  for (const client of clients) await waitFor('the master', () => answers(client));
  const former = await fleet.master();
  const hung = fleet.sentinelPids.slice(0, 2);
  for (const pid of hung) process.kill(pid, 'SIGSTOP');
  try {
    await former.kill();
    await waitFor('another master', async () => (await fleet.master()).port !== former.port);
    for (const client of clients) await waitFor('the new master', () => answers(client));
  } finally {
    for (const pid of hung) process.kill(pid, 'SIGCONT');
  }
});
