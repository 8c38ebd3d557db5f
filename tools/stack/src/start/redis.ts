import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { answersPing, redisProgram, waitFor } from '@exrec/testing';
import { startProgram, type Program } from './processes.js';
import { CannotGoOn } from '../words.js';

export type OwnRedisOptions = {
  readonly port: number;
  /** Its data are in `redis` below it, new for each run. */
  readonly runDir: string;
  readonly logDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

const howToGetRedis =
  'There is no redis-server or valkey-server on the PATH: install one (Debian: apt-get install redis-server) or set REDIS_URL.';

/**
 * A Redis of our own on 127.0.0.1: append-only file on, `noeviction`, as in production, with no data.
 * @throws CannotGoOn when there is no server program or it does not answer
 */
export async function startOwnRedis(options: OwnRedisOptions): Promise<Program> {
  const { port, runDir, logDir, env } = options;
  const command = redisProgram(env.PATH);
  if (command === undefined) throw new CannotGoOn(howToGetRedis);
  const dir = join(runDir, 'redis');
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  args.push('--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction');
  const redis = await startProgram({ name: 'redis', command, args, cwd: dir, env, logDir });
  try {
    await waitFor('Redis', () => !redis.isRunning() || answersPing(port));
  } catch {
    redis.kill();
    throw new CannotGoOn(`Redis does not answer on port ${port}. ${redis.lastWords()}`);
  }
  if (!redis.isRunning()) throw new CannotGoOn(`Redis did not start. ${redis.lastWords()}`);
  return redis;
}
