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
  const commandConnection = connectRedis({ settings, role: 'command', logger: silentLogger });
  const workerConnection = connectRedis({ settings, role: 'worker', logger: silentLogger });
  clients.push(commandConnection, workerConnection);
  const jobs = startPeriodicJobs({
    queueName,
    prefix: '{exrec}',
    commandConnection,
    workerConnection,
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
    await waitFor('two turns', () => turns >= 2, { timeoutMs: 10_000 });
    expect(most).toBe(1);
    expect(others).toBeGreaterThanOrEqual(3);
  });

  it('does what was asked for after the turn that was going on then', async () => {
    const begun: number[] = [];
    const run = async () => {
      begun.push(Date.now());
      await new Promise((done) => setTimeout(done, 700));
    };
    const jobs = instance('d', () => Promise.resolve(), [
      { name: 'rare', everyMs: 3_600_000, run },
    ]);
    await waitFor('the first turn', () => begun.length === 1);
    await jobs.runNow('rare');
    await waitFor('the second turn', () => begun.length === 2, { timeoutMs: 10_000 });
    expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(700);
  });

  it('goes on some seconds after an instance died in the middle of a turn', async () => {
    const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
    const redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
    clients.push(redis);
    await redis.set('{exrec}:periodic:e:tick', 'of the dead', 'PX', 2_000);
    let turns = 0;
    instance('e', () => Promise.resolve(void (turns += 1)));
    await new Promise((done) => setTimeout(done, 1_000));
    expect(turns).toBe(0);
    await waitFor('a turn', () => turns > 0, { timeoutMs: 10_000 });
  });

  it('starts while Redis is away', async () => {
    await server.kill();
    let turns = 0;
    instance('b', () => Promise.resolve(void (turns += 1)));
    await server.restart();
    await waitFor('a turn', () => turns > 0);
  });
});
