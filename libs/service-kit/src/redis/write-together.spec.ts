import { startRedis, type RedisServer } from '@exrec/testing';
import { Redis } from 'ioredis';
import { writeTogether } from './write-together.js';

let server: RedisServer;
let client: Redis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  client = writeTogether(new Redis(server.url));
  await client.ping();
});
afterEach(() => client.disconnect());

/** How often Redis has read from a socket, this question included. */
async function reads(): Promise<number> {
  const stats = await client.info('stats');
  return Number(/^total_reads_processed:(\d+)/m.exec(stats)?.[1]);
}

it('sends the commands of one turn in one write', async () => {
  const before = await reads();
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.incr('count')));
  expect(answers.at(-1)).toBe(50);
  expect((await reads()) - before).toBe(2);
});

it('does not hold back much until the end of a turn', async () => {
  const value = 'v'.repeat(10_000);
  const wholeTurn = Array.from({ length: 40 }, (_, at) => client.set(`long:${at}`, value));
  expect(client.stream.writableLength).toBeLessThan(400_000);
  expect(await Promise.all(wholeTurn)).toEqual(Array(40).fill('OK'));
});

it('answers each by itself, also when one of them fails', async () => {
  await client.set('text', 'a');
  const answers = await Promise.allSettled([client.incr('text'), client.get('text')]);
  expect(answers).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 'a' }]);
});

it('keeps the order, pipelines and transactions included', async () => {
  const pushed = [
    client.rpush('list', 'a'),
    client.pipeline().rpush('list', 'b').rpush('list', 'c').exec(),
    client.multi().rpush('list', 'd').exec(),
    client.rpush('list', 'e'),
  ];
  await Promise.all(pushed);
  expect(await client.lrange('list', 0, -1)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('goes on after the connection was lost in the middle of a turn', async () => {
  const lost = client.get('count').catch(() => 'lost');
  client.stream.destroy();
  await lost;
  expect(await client.ping()).toBe('PONG');
  expect(await client.ping()).toBe('PONG');
});
