import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import { silentLogger } from '../log/logger.js';
import { connectRedis, type RedisClient } from '../redis/connect-redis.js';
import { readSettings } from '../settings/read-settings.js';
import { redisSettingNames } from '../redis/connect-redis.js';
import { startPeriodicJobs, type PeriodicJobs } from './periodic-jobs.js';

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

function instance(queueName: string, run: () => Promise<void>): PeriodicJobs {
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
    jobs: [{ name: 'tick', everyMs: 200, run }],
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

  it('starts while Redis is away', async () => {
    await server.kill();
    let turns = 0;
    instance('b', () => Promise.resolve(void (turns += 1)));
    await server.restart();
    await waitFor('a turn', () => turns > 0, { timeoutMs: 20_000 });
  });
});
