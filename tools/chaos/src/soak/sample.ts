import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listFiles, postgresPrograms, runCommand } from '@exrec/testing';
import { Redis } from 'ioredis';
import type { System } from '../system/system.js';

/** What there was of everything at one moment: values by `<who> <what>`. */
export type Sample = {
  readonly atMs: number;
  readonly calls: number;
  readonly values: ReadonlyMap<string, number>;
};

/** Measures what may grow: memory and handles of each instance, Redis, PostgreSQL, logs and files. Linux only. */
export async function sampleOf(system: System, calls: number): Promise<Sample> {
  const values = new Map<string, number>();
  for (const [name, { pid }] of system.instances) {
    if (pid === undefined) continue;
    values.set(`${name} memory`, await residentBytes(pid));
    values.set(`${name} handles`, (await readdir(`/proc/${pid}/fd`)).length);
  }
  values.set('Redis memory', await redisBytes(system));
  values.set('PostgreSQL size', await databaseBytes(system));
  values.set('logs size', await folderBytes(system.logDir));
  values.set('storage size', await folderBytes(system.audioDir));
  return { atMs: Date.now(), calls, values };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

async function redisBytes({ redis }: System): Promise<number> {
  const client = new Redis((await redis.master()).port, '127.0.0.1');
  try {
    return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1] ?? 0);
  } finally {
    client.disconnect();
  }
}

async function databaseBytes({ postgres }: System): Promise<number> {
  const server = await realpath(postgresPrograms()?.postgres ?? '');
  const ask = 'SELECT pg_database_size(current_database())';
  const { stdout } = await runCommand(join(dirname(server), 'psql'), [postgres.url, '-Atc', ask]);
  return Number(stdout.toString());
}

async function folderBytes(dir: string): Promise<number> {
  let bytes = 0;
  for (const file of await listFiles(dir)) {
    const found = await stat(join(dir, file)).catch(() => undefined);
    bytes += found?.size ?? 0;
  }
  return bytes;
}
