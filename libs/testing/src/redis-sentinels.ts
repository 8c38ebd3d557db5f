import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { startProcess, type RunningProcess } from './process-runner.js';
import { redisProgram } from './redis-program.js';
import { startRedis, type RedisServer } from './redis-server.js';
import { serverPatience, waitFor } from './wait-for.js';

export type RedisSentinels = {
  /** The first was the master at the start. */
  readonly servers: readonly RedisServer[];
  /** Process ids of the Sentinels, in the order of `sentinels`. */
  readonly sentinelPids: readonly number[];
  /** `host:port,host:port` for `REDIS_SENTINELS`. */
  readonly sentinels: string;
  readonly masterName: string;
  /** The server that the Sentinels name as master now. */
  master(): Promise<RedisServer>;
  /** A failover that an operator asks for. */
  failover(): Promise<void>;
  stop(): Promise<void>;
};

export type RedisSentinelsOptions = {
  readonly replicas?: number;
  readonly sentinels?: number;
  readonly downAfterMs?: number;
  /** Of the data servers, e.g. `['--requirepass', 'x', '--masterauth', 'x']`. */
  readonly extraArgs?: readonly string[];
  readonly password?: string;
  /** Further lines of each Sentinel's configuration. */
  readonly sentinelConfig?: readonly string[];
  /** To ask the Sentinels with. */
  readonly sentinelPassword?: string;
};

const masterName = 'watched';

/** A real master with replicas and the Sentinels that watch them, on free ports of 127.0.0.1. */
export async function startRedisSentinels(
  options: RedisSentinelsOptions = {},
): Promise<RedisSentinels> {
  const { replicas = 1, sentinels = 1, extraArgs = [] } = options;
  // A first copy begins at once instead of after 5 s.
  const dataArgs = ['--repl-diskless-sync-delay', '0', ...extraArgs];
  const master = await startRedis(dataArgs);
  const servers = [master];
  for (let n = 0; n < replicas; n += 1)
    servers.push(await startRedis(['--replicaof', `127.0.0.1 ${master.port}`, ...dataArgs]));
  const dir = await mkdtemp(join(tmpdir(), 'exrec-sentinels-'));
  const ports: number[] = [];
  const processes: RunningProcess[] = [];
  for (let n = 0; n < sentinels; n += 1) {
    const port = await freePort();
    ports.push(port);
    const file = join(dir, `sentinel-${port}.conf`);
    await writeFile(file, configuration(port, dir, master.port, options).join('\n'));
    const command = redisProgram() ?? 'redis-server';
    processes.push(await startProcess({ command, args: [file, '--sentinel'] }));
  }
  const askAny = async (...words: string[]) => {
    for (const port of ports) {
      const answer = await ask(port, options.sentinelPassword, words).catch(() => undefined);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  for (const port of ports) {
    await waitFor(
      'the Sentinel to know the others',
      async () => {
        const words = (kind: string) => ask(port, options.sentinelPassword, [kind, masterName]);
        const known = await words('REPLICAS').catch(() => []);
        const peers = await words('SENTINELS').catch(() => []);
        const names = JSON.stringify(known);
        const isKnown = servers.slice(1).every((server) => names.includes(`${server.port}`));
        const isCopied = !names.includes('"master-link-status","err"');
        return (
          isKnown &&
          isCopied &&
          !/"s_down|disconnected/.test(names) &&
          count(peers) === sentinels - 1
        );
      },
      serverPatience,
    );
  }
  return {
    servers,
    sentinelPids: processes.map(({ pid }) => pid),
    sentinels: ports.map((port) => `127.0.0.1:${port}`).join(','),
    masterName,
    master: () =>
      waitFor(
        'the master',
        async () => {
          const address = await askAny('GET-MASTER-ADDR-BY-NAME', masterName);
          const port = Array.isArray(address) ? Number(address[1]) : 0;
          return servers.find((server) => server.port === port);
        },
        serverPatience,
      ),
    failover: async () => {
      await waitFor('the Sentinels to fail over', async () => {
        return (await askAny('FAILOVER', masterName)) === 'OK';
      });
    },
    stop: async () => {
      await Promise.all(processes.map((sentinel) => sentinel.kill()));
      await Promise.all(servers.map((server) => server.stop()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function configuration(
  port: number,
  dir: string,
  masterPort: number,
  { sentinels = 1, downAfterMs = 1_000, password, sentinelConfig = [] }: RedisSentinelsOptions,
): string[] {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} ${Math.floor(sentinels / 2) + 1}`,
    `sentinel down-after-milliseconds ${masterName} ${downAfterMs}`,
    `sentinel failover-timeout ${masterName} 10000`,
    ...(password === undefined ? [] : [`sentinel auth-pass ${masterName} ${password}`]),
    ...sentinelConfig,
  ];
}

async function ask(port: number, password: string | undefined, words: readonly string[]) {
  const client = new Redis(port, '127.0.0.1', {
    connectTimeout: 1_000,
    commandTimeout: 1_000,
    enableReadyCheck: false,
    retryStrategy: () => null,
    ...(password === undefined ? {} : { password }),
  });
  client.on('error', () => undefined);
  try {
    return await client.call('SENTINEL', ...(words as [string]));
  } finally {
    client.disconnect();
  }
}

function count(answer: unknown): number {
  return Array.isArray(answer) ? answer.length : 0;
}
