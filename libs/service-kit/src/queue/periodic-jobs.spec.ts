import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import { silentLogger } from '../log/logger.js';
import { connectRedis, type RedisClient } from '../redis/connect-redis.js';
import { readSettings } from '../settings/read-settings.js';
import { redisSettingNames } from '../redis/connect-redis.js';
import { startPeriodicJobs, type PeriodicJob, type PeriodicJobs } from './periodic-jobs.js';

let server: RedisServer;
const clients: RedisClient[] = [];
const running: PeriodicJobs[] = [];

beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  await Promise.all(running.map((jobs) => jobs.close()));
  clients.forEach((client) => client.disconnect());
  await server.stop();
});

function instance(
  queueName: string,
  run: () => Promise<void>,
  more: readonly PeriodicJob[] = [],
): PeriodicJobs {
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  const redis = connectRedis({ settings, role: 'command', logger: silentLogger });
  clients.push(redis);
  const jobs = startPeriodicJobs({
    queueName,
    prefix: '{exrec}',
    redis,
    logger: silentLogger,
    jobs: [{ name: 'tick', everyMs: 200, run }, ...more],
  });
  running.push(jobs);
  return jobs;
}

describe('startPeriodicJobs', () => {
  it('does a job on one instance of the fleet at a time, again and again, also after it failed', async () => {
    let atOnce = 0;
    let most = 0;
    let turns = 0;
    const run = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((done) => setTimeout(done, 20));
      atOnce -= 1;
      turns += 1;
      if (turns === 2) throw new Error('once');
    };
    instance('a', run);
    instance('a', run);
    await waitFor('five turns', () => turns >= 5);
    expect(most).toBe(1);
  });

  it('leaves out turns while one takes longer than the period, and does the other jobs meanwhile', async () => {
    let [atOnce, most, turns, others] = [0, 0, 0, 0];
    const slow = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((done) => setTimeout(done, 1_500));
      atOnce -= 1;
      turns += 1;
    };
    const run = () => Promise.resolve(void (others += 1));
    const other = [{ name: 'tock', everyMs: 100, run }];
    instance('c', slow, other);
    instance('c', slow, other);
    await waitFor('two turns', () => turns >= 2);
    expect(most).toBe(1);
    expect(others).toBeGreaterThanOrEqual(3);
  });

  it('goes on some seconds after an instance died in the middle of a turn', async () => {
    const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
    const redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
    clients.push(redis);
    await redis.set('{exrec}:periodic:e:tick:lock', 'of the dead', 'PX', 2_000);
    let turns = 0;
    instance('e', () => Promise.resolve(void (turns += 1)));
    await new Promise((done) => setTimeout(done, 1_000));
    expect(turns).toBe(0);
    await waitFor('a turn', () => turns > 0);
  });

  it('goes on when Redis has lost all it knew, or knows times of another clock', async () => {
    let turns = 0;
    instance('f', () => Promise.resolve(void (turns += 1)));
    await waitFor('a turn', () => turns > 0);
    const [redis] = clients;
    await redis?.flushall();
    const before = turns;
    await waitFor('a turn after it', () => turns > before + 1);
    await redis?.set('{exrec}:periodic:f:tick:due', Date.now() + 86_400_000);
    const further = turns;
    await waitFor('a turn in spite of it', () => turns > further + 1);
  });

  it('starts while Redis is away', async () => {
    await server.kill();
    let turns = 0;
    instance('b', () => Promise.resolve(void (turns += 1)));
    await server.restart();
    await waitFor('a turn', () => turns > 0);
  });
});
