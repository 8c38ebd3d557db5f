import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { oggOpusFile } from '@exrec/testing';
import { durableWrites } from '../baselines/durable-writes.js';
import type { Bench, BenchContext } from '../bench.js';
import { sendLoad } from '../load/load.js';
import { requestHead } from '../load/raw-connection.js';
import { callBytes } from '../load/recordings.js';
import { figureOf, type Figure, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';
import { cpuMsOf, peakRssBytes } from '../measure/process-usage.js';
import { startNginx, startStorage, type WebdavServer } from '../servers/storage.js';

const atOnce = 8;
const megabyte = 1_000_000;
const warmUpFiles = 800;

export const storage: Bench = {
  name: 'storage',
  subject: 'our WebDAV, 8 connections',
  baseline: 'nginx with its DAV module, one process, which does not wait for the disk',
  async measure(context) {
    const ours = await startStorage(context, join(context.dir, 'ours'));
    const nginx = await startNginx(context, join(context.dir, 'nginx-files'));
    const { longBytes, longRecordings, recordings } = context.options;
    const calls = await bySize(context, [ours, nginx], {
      label: '1.2 MB',
      bytes: callBytes,
      files: recordings,
    });
    const long = await bySize(context, [ours, nginx], {
      label: `${longBytes / megabyte} MB`,
      bytes: longBytes,
      files: longRecordings,
    });
    return [...calls, ...long, memory(ours)];
  },
};

type Files = { readonly label: string; readonly bytes: number; readonly files: number };

async function bySize(
  { options }: BenchContext,
  [ours, nginx]: readonly [WebdavServer, WebdavServer],
  { label, bytes, files }: Files,
): Promise<readonly Figure[]> {
  const content = oggOpusFile(bytes);
  // Until the just-in-time compiler has seen every step; nginx needs none.
  await putAndGet(ours, content, Math.min(files * 3, warmUpFiles));
  const rounds = await inTurn(options.runs, {
    subject: () => putAndGet(ours, content, files),
    baseline: () => putAndGet(nginx, content, files),
  });
  const figure = figureOf.bind(undefined, 'storage', rounds);
  const toTheDisk = await inTurn(options.runs, {
    subject: () => putAndGet(ours, content, files),
    baseline: async () => {
      const durationMs = await durableWrites(ours.dir, content, { files, atOnce });
      return { put: megabytesPerSecond(files, content, durationMs) };
    },
  });
  const rate = (name: string, value: string, atLeast: number) =>
    figure({ name: `${name} ${label}`, value, unit: 'MB/s', goal: { of: 'ratio', atLeast } });
  return [
    rate('PUT', 'put', 0.9),
    figureOf('storage', toTheDisk, {
      name: `PUT ${label}, against writing to this disk without HTTP`,
      value: 'put',
      unit: 'MB/s',
    }),
    rate('GET', 'get', 0.4),
    figure({ name: `CPU time, PUT ${label}`, value: 'putCpuMs', unit: 'ms/file' }),
    figure({ name: `CPU time, GET ${label}`, value: 'getCpuMs', unit: 'ms/file' }),
  ];
}

/** Stores the files under new names, reads each once, and leaves nothing. */
async function putAndGet(server: WebdavServer, content: Buffer, files: number): Promise<Sample> {
  const names = Array.from({ length: files }, () => `${randomUUID()}.opus`);
  const headers = { 'content-length': content.length };
  const load = { port: server.port, connections: atOnce, requests: files };
  const cpuBefore = cpuMsOf(server.pids);
  const put = await sendLoad({
    ...load,
    request: (index) => [requestHead('PUT', `/${names[index] ?? ''}`, headers), content],
  });
  const cpuBetween = cpuMsOf(server.pids);
  const get = await sendLoad({
    ...load,
    request: (index) => [requestHead('GET', `/${names[index] ?? ''}`, {})],
  });
  const cpuAfter = cpuMsOf(server.pids);
  await Promise.all(names.map((name) => rm(join(server.dir, name))));
  return {
    put: megabytesPerSecond(files, content, put.durationMs),
    get: megabytesPerSecond(files, content, get.durationMs),
    putCpuMs: (cpuBetween - cpuBefore) / files,
    getCpuMs: (cpuAfter - cpuBetween) / files,
  };
}

function megabytesPerSecond(files: number, content: Buffer, durationMs: number): number {
  return (files * content.length) / megabyte / (durationMs / 1000);
}

/** After all runs. Flat means no more than this for 8 transfers of any size at once. */
function memory(ours: WebdavServer): Figure {
  const megabytes = Math.max(...ours.pids.map(peakRssBytes)) / megabyte;
  return figureOf(
    'storage',
    { subject: [{ megabytes }], baseline: [] },
    {
      name: 'peak memory of storage',
      value: 'megabytes',
      unit: 'MB',
      goal: { of: 'value', atMost: 200 },
    },
  );
}
