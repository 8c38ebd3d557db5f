import { mkdtemp } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import { Redis } from 'ioredis';
import type { BenchContext } from '../bench.js';
import { injectionRequest } from '../load/injections.js';
import { sendLoad } from '../load/load.js';
import { cpuMs, cpuMsOf } from '../measure/process-usage.js';
import { startExrp } from '../servers/exrp.js';
import { startGenesysCloud, type GenesysCloud } from '../servers/genesys-cloud.js';
import { longestLagMs } from '../servers/event-loop-lag.js';
import type { Program } from '../servers/program.js';
import { startStorage } from '../servers/storage.js';

/** Redis, storage and Genesys Cloud, in which EXRPs inject. */
export type InjectionRig = {
  readonly redis: RedisServer;
  readonly gc: GenesysCloud;
  readonly storageUrl: string;
  readonly storageDir: string;
  /** The processes of storage and Genesys Cloud, whose work is the same for everybody. */
  readonly serverPids: readonly number[];
};

export async function startInjectionRig(context: BenchContext): Promise<InjectionRig> {
  const storageDir = await mkdtemp(join(context.dir, 'audio-'));
  const redis = await startRedis(['--appendfsync', 'everysec']);
  context.cleanUp(() => redis.stop());
  const gc = await startGenesysCloud(context);
  const { url, pids } = await startStorage(context, storageDir, 'guarded');
  const serverPids = [...pids, gc.program.pid];
  return { redis, gc, storageUrl: url, storageDir, serverPids };
}

/** As it is deployed: an event loop keeps one core busy, so there is one EXRP for each. */
export const exrpsOfAMachine = availableParallelism();

/** EXRPs that share one queue, apart from all others on the same Redis. */
export class Fleet {
  readonly programs: readonly Program[];
  readonly redis: Redis;
  readonly #rig: InjectionRig;
  readonly #prefix: string;

  private constructor(rig: InjectionRig, prefix: string, programs: readonly Program[]) {
    this.#rig = rig;
    this.#prefix = prefix;
    this.programs = programs;
    this.redis = new Redis(rig.redis.url);
  }

  static async start(
    context: BenchContext,
    rig: InjectionRig,
    { size = 1, name = 'bench', settings = {} }: FleetOptions = {},
  ): Promise<Fleet> {
    const programs: Program[] = [];
    const surroundings = { ...rig, redisUrl: rig.redis.url };
    for (let started = 0; started < size; started += 1) {
      const own = { REDIS_KEY_PREFIX: name, EXRP_SPOOL_DIR: join(context.dir, `spool-${name}`) };
      programs.push(await startExrp(context, surroundings, { ...own, ...settings }));
    }
    const fleet = new Fleet(rig, name, programs);
    context.cleanUp(() => fleet.redis.quit());
    return fleet;
  }

  /** Accepts recordings, the EXRPs in turn. */
  async accept(audioFiles: readonly string[]): Promise<void> {
    const share = Math.ceil(audioFiles.length / this.programs.length);
    await Promise.all(
      this.programs.map(({ port }, index) => {
        const own = audioFiles.slice(index * share, (index + 1) * share);
        const request = (at: number) => [injectionRequest(own[at] ?? '')];
        return sendLoad({ port, connections: 16, requests: own.length, request });
      }),
    );
  }

  /** Accepts recordings that arrive evenly, whatever became of those before; the EXRPs in turn. */
  async acceptEvenly(audioFiles: readonly string[], perSecond: number): Promise<void> {
    const startedAtMs = performance.now();
    await Promise.all(
      audioFiles.map(async (file, index) => {
        await sleep((index * 1000) / perSecond - (performance.now() - startedAtMs));
        await this.#acceptBy(index % this.programs.length, file);
      }),
    );
  }

  async #acceptBy(index: number, audioFile: string): Promise<void> {
    const port = this.programs[index]?.port;
    if (port === undefined) throw new RangeError('there is no such EXRP');
    const request = () => [injectionRequest(audioFile)];
    await sendLoad({ port, connections: 1, requests: 1, request });
  }

  uploaded(): Promise<number> {
    return this.redis.zcard(this.key('injections-by:uploaded'));
  }

  /** Holds back all jobs, as an operator can. */
  async pause(): Promise<void> {
    await this.redis.hset(this.key('injections:meta'), 'paused', 1);
  }

  /** Lets the jobs go; the workers are woken as by a new job. */
  async resume(): Promise<void> {
    await this.redis
      .multi()
      .hdel(this.key('injections:meta'), 'paused')
      .zadd(this.key('injections:marker'), 0, '0')
      .exec();
  }

  key(name: string): string {
    return `{${this.#prefix}}:${name}`;
  }

  /**
   * Injects recordings, from the first request until the last upload is noted.
   * `cpuMs` is that of EXRP and Redis together, per recording.
   */
  async inject(
    audioFiles: readonly string[],
    start: () => Promise<void> = () => this.accept(audioFiles),
  ) {
    const pids = this.programs.map(({ pid }) => pid);
    const redisPid = this.#rig.redis.pid();
    const goal = (await this.uploaded()) + audioFiles.length;
    await Promise.all(this.programs.map(longestLagMs));
    const check = async () => ({
      exrp: cpuMsOf(pids),
      redis: cpuMs(redisPid),
      servers: cpuMsOf(this.#rig.serverPids),
      ...(await this.#redisCounts()),
    });
    const before = await check();
    const startedAtMs = performance.now();
    await start();
    await waitFor('the uploads', async () => (await this.uploaded()) >= goal, {
      timeoutMs: 600_000,
      everyMs: 10,
    });
    const seconds = (performance.now() - startedAtMs) / 1000;
    const after = await check();
    const each = (name: keyof typeof before) => (after[name] - before[name]) / audioFiles.length;
    return {
      perSecond: audioFiles.length / seconds,
      cpuMs: each('exrp') + each('redis'),
      exrpCpuMs: each('exrp'),
      redisCpuMs: each('redis'),
      serversCpuMs: each('servers'),
      redisReads: each('reads'),
      redisCommands: each('commands'),
      redisBytes: each('bytes'),
      lagMs: Math.max(...(await Promise.all(this.programs.map(longestLagMs)))),
    };
  }

  /** What Redis has counted. The polling of this bench is part of it, some dozen reads a second. */
  async #redisCounts(): Promise<{ reads: number; commands: number; bytes: number }> {
    const text = `${await this.redis.info('stats')}${await this.redis.info('memory')}`;
    const count = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1]);
    return {
      reads: count('total_reads_processed'),
      commands: count('total_commands_processed'),
      bytes: count('used_memory'),
    };
  }
}

export type FleetOptions = {
  readonly size?: number;
  /** First part of its keys in Redis. */
  readonly name?: string;
  readonly settings?: Readonly<Record<string, string>>;
};
