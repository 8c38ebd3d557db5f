import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { answersPing, redisProgram } from './redis-program.js';
import { serverPatience, waitFor } from './wait-for.js';

export type RedisServer = {
  readonly url: string;
  readonly port: number;
  /** Process id of the running server. */
  pid(): number;
  /** SIGKILL: what a power cut or the OOM killer does. */
  kill(): Promise<void>;
  /** Starts again on the same port with the same data directory. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
};

/**
 * A real `redis-server` on a free port of 127.0.0.1 with its own data directory,
 * AOF on and `noeviction`, as in production. It does not wait for the disk: what is tested is never the loss of power.
 * @param extraArgs further `redis-server` arguments, e.g. `['--maxmemory', '3mb']`
 */
export async function startRedis(extraArgs: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'exrec-redis-'));
  let child = await launch(port, dir, extraArgs);
  const kill = async () => {
    await ended(child, 'SIGKILL');
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: () => child.pid ?? 0,
    kill,
    restart: async () => {
      await kill();
      child = await launch(port, dir, extraArgs);
    },
    stop: async () => {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function launch(
  port: number,
  dir: string,
  extraArgs: readonly string[],
): Promise<ChildProcess> {
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  args.push('--appendonly', 'yes', '--appendfsync', 'no', '--maxmemory-policy', 'noeviction');
  const child = spawn(redisProgram() ?? 'redis-server', [...args, ...extraArgs], {
    stdio: 'ignore',
  });
  let failed: Error | undefined;
  child.once('error', (error) => (failed = error));
  try {
    await waitFor(
      `redis-server on port ${port}`,
      () => {
        if (failed) throw failed;
        if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
        return answersPing(port);
      },
      serverPatience,
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return child;
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
