import { startRedis, type RedisServer } from '@exrec/testing';
import { silentLogger } from '../src/log/logger.js';
import { connectRedis, redisSettingNames, type RedisClient } from '../src/redis/connect-redis.js';
import { readSettings } from '../src/settings/read-settings.js';

/**
 * A Redis of the test file's own: started before its tests, empty before each of them, ended after all. Called before
 * the file's own hooks, so that these find it empty.
 * @returns its connection, for tests and hooks
 */
export function ownRedis(): () => RedisClient {
  let server: RedisServer;
  let redis: RedisClient;
  beforeAll(async () => {
    server = await startRedis();
    const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
    redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
  });
  beforeEach(() => redis.flushall());
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  return () => redis;
}
