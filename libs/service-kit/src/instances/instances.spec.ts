import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import { Health } from '../health/health.js';
import { silentLogger } from '../log/logger.js';
import { connectRedis, redisSettingNames, type RedisClient } from '../redis/connect-redis.js';
import { readSettings } from '../settings/read-settings.js';
import { InstanceAnnouncement, readInstances } from './instances.js';

let server: RedisServer;
let redis: RedisClient;
beforeAll(async () => {
  server = await startRedis();
  redis = connectRedis({
    settings: readSettings(redisSettingNames, { REDIS_URL: server.url }),
    role: 'worker',
    logger: silentLogger,
  });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

it('tells of every instance how it is, and which went away without a word', async () => {
  const health = new Health();
  health.enter('running');
  health.warn('webdav', 'away');
  const prefix = '{exrec}';
  const announce = (port: number, nowMs: number) =>
    new InstanceAnnouncement({ redis, prefix, service: 'exrp', port, health, now: () => nowMs });
  const [here, silent] = [announce(1, 1_000_000), announce(2, 960_000)];
  here.start();
  silent.start();
  const read = async (nowMs = 1_000_000) => readInstances(redis, prefix, nowMs);
  await waitFor('both', async () => (await read()).length === 2);
  expect(await read()).toMatchObject([
    { service: 'exrp', status: 'degraded', findings: [{ check: 'webdav', reason: 'away' }] },
    { service: 'exrp', status: 'gone' },
  ]);
  await here.stop();
  expect(await read()).toMatchObject([{ status: 'gone' }]);
  expect(await read(960_000 + 3_600_001)).toEqual([]);
  await silent.stop();
});

it('passes over what is no instance', async () => {
  await redis.hset('{other}:instances', 'excp/x:1', 'not JSON');
  expect(await readInstances(redis, '{other}', 0)).toEqual([]);
});
