import { startRedis, type RedisServer } from '@exrec/testing';
import { Redis } from 'ioredis';
import { kindOfKey, redisKinds } from './redis-kinds.js';

let server: RedisServer;
let client: Redis;

beforeAll(async () => {
  server = await startRedis();
  client = new Redis(server.port, '127.0.0.1');
});

afterAll(async () => {
  client.disconnect();
  await server.stop();
});

it('knows what a key is for, whatever it is about', () => {
  expect(kindOfKey('{exrec}:seen:2952:17')).toBe('seen:*:*');
  expect(kindOfKey('{exrec}:call:02ABCDEF')).toBe('call:*');
  expect(kindOfKey('{exrec}:due')).toBe('due');
});

it('tells what is kept for days from what is worked on', async () => {
  await client.set('{exrec}:archive:A1', 'x'.repeat(1_000), 'EX', 14 * 86_400);
  await client.set('{exrec}:archive:A2', 'x'.repeat(1_000), 'EX', 14 * 86_400);
  await client.set('{exrec}:dispatch:1:lock', 'x', 'EX', 5);
  await client.hset('{exrec}:call:A3', 'field', 'x');
  const { kept, atWork } = await redisKinds(client);
  expect([...kept.keys()]).toEqual(['archive:*']);
  expect(kept.get('archive:*')).toBeGreaterThan(2_000);
  expect([...atWork.keys()].sort()).toEqual(['call:*', 'dispatch:*:lock']);
});
