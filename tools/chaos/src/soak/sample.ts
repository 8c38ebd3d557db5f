import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listFiles, postgresPrograms, runCommand } from '@exrec/testing';
import { Redis } from 'ioredis';
import type { System } from '../system/system.js';
import { handlesByKind, type Places } from './handles.js';
import { liveMemory, residentBytes } from './memory.js';
import { redisKinds } from './redis-kinds.js';

/** What there was of everything at one moment: values by `<who> <what>`; some may be missing on a machine that is busy. */
export type Sample = {
  readonly atMs: number;
  readonly calls: number;
  readonly values: ReadonlyMap<string, number>;
};

/** Measures what may grow: memory and handles of each instance, Redis, PostgreSQL, logs and files. Linux only. */
export async function sampleOf(system: System, calls: number): Promise<Sample> {
  const values = new Map<string, number>();
  const places = placesOf(system, (await system.redis.master()).port);
  for (const [name, { pid, origin }] of system.instances) {
    if (pid === undefined) continue;
    const live = await liveMemory(pid, origin);
    if (live !== undefined) {
      values.set(`${name} live heap`, live.heapBytes);
      values.set(`${name} buffers`, live.bufferBytes);
    }
    values.set(`${name} memory`, await residentBytes(pid));
    const kinds = await handlesByKind(pid, places);
    values.set(`${name} handles`, sum(kinds));
    for (const [kind, count] of kinds) values.set(`${name} handles: ${kind}`, count);
  }
  for (const [name, bytes] of await redisBytes(system)) values.set(name, bytes);
  values.set('PostgreSQL size', await databaseBytes(system));
  values.set('logs size', await folderBytes(system.logDir));
  values.set('storage size', await folderBytes(system.audioDir));
  return { atMs: Date.now(), calls, values };
}

function placesOf({ gc, postgres, urls, mcp }: System, redisPort: number): Places {
  const port = (url: string) => Number(new URL(url).port);
  return new Map([
    [redisPort, 'Redis'],
    [postgres.port, 'PostgreSQL'],
    [port(gc.url), 'Genesys Cloud'],
    [port(urls.exrp), 'EXRP'],
    [port(urls.excp), 'EXCP'],
    [port(mcp.storage), 'storage'],
  ]);
}

async function redisBytes({ redis }: System): Promise<Map<string, number>> {
  const client = new Redis((await redis.master()).port, '127.0.0.1');
  try {
    const used = Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1] ?? 0);
    const { kept, atWork } = await redisKinds(client);
    const found = new Map([
      ['Redis memory', used],
      ['Redis kept', sum(kept)],
      ['Redis at work', sum(atWork)],
    ]);
    for (const [kind, bytes] of kept) found.set(`Redis kept: ${kind}`, bytes);
    for (const [kind, bytes] of atWork) found.set(`Redis at work: ${kind}`, bytes);
    return found;
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
  const sizes = (await listFiles(dir)).map(async (file) => {
    // It may be gone since it was listed.
    const found = await stat(join(dir, file)).catch(() => undefined);
    return found?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

function sum(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0);
}
