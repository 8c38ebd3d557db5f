import {
  connectRedis,
  readSettings,
  redisSettingNames,
  silentLogger,
  type RedisClient,
} from '@exrec/service-kit';
import { startRedis, type RedisServer } from '@exrec/testing';
import { DaySamples } from './day-samples.js';

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

const samples = () => new DaySamples(redis, '{exrec}:archive:');

it('is the first text of the day for every instance', async () => {
  const [first, second] = [samples(), samples()];
  expect(await first.of('1')).toBe('');
  expect(await first.ofOrBegin('1', 'first', 60)).toBe('first');
  expect(await second.ofOrBegin('1', 'second', 60)).toBe('first');
  expect(await first.ofOrBegin('1', 'third', 60)).toBe('first');
});

it('is put back when Redis has lost it', async () => {
  const instance = samples();
  await instance.ofOrBegin('1', 'first', 60);
  await redis.flushall();
  expect(await instance.ofOrBegin('1', 'second', 60)).toBe('first');
  expect(await samples().of('1')).toBe('first');
});

it('is another one when Redis has lost it and another instance was sooner', async () => {
  const instance = samples();
  await instance.ofOrBegin('1', 'first', 60);
  await redis.flushall();
  await samples().ofOrBegin('1', 'second', 60);
  expect(await instance.ofOrBegin('1', 'third', 60)).toBe('second');
  expect(await instance.of('1')).toBe('second');
});
