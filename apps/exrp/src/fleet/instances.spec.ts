import {
  connectRedis,
  readSettings,
  redisSettingNames,
  silentLogger,
  type RedisClient,
} from '@exrec/service-kit';
import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import { Instance } from './instances.js';

let server: RedisServer;
let redis: RedisClient;
const joined: Instance[] = [];

beforeAll(async () => {
  server = await startRedis();
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  redis = connectRedis({ settings, role: 'command', logger: silentLogger });
  await waitFor('Redis', () => redis.status === 'ready');
});
afterAll(async () => {
  await Promise.all(joined.map((instance) => instance.leave()));
  redis.disconnect();
  await server.stop();
});

async function join() {
  const told: string[] = [];
  const instance = new Instance({
    redis,
    prefix: '{exrec}',
    onFirst: () => told.push('first'),
    onRedisBack: () => told.push('back'),
  });
  joined.push(instance);
  await instance.join();
  return { instance, told };
}

it('knows whether it is the first, and tells when Redis is back', async () => {
  const first = await join();
  const second = await join();
  expect([first.told, second.told]).toEqual([['first'], []]);
  await server.kill();
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await server.restart();
  await waitFor('both to notice', () => first.told.length === 2 && second.told.length === 1);
  expect([first.told, second.told]).toEqual([['first', 'back'], ['back']]);
});
