import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outboundAgents } from '@exrec/gc-api';
import { startFaultProxy, type FaultProxy } from '@exrec/testing';
import { UploadUncertain, ZipUploader } from './zip-uploader.js';

const idleMs = 1_500;
const zip = Buffer.alloc(600_000, 7);

let dir: string;
let server: Server;
let proxy: FaultProxy;
let stored: number[];
let answers: boolean;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-uploader-'));
  await writeFile(join(dir, 'a.zip'), zip);
  server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (piece: Buffer) => (bytes += piece.length));
    request.on('error', () => undefined);
    request.on('end', () => {
      stored.push(bytes);
      if (answers) response.end();
      else request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an AddressInfo
  proxy = await startFaultProxy({ target: { host: '127.0.0.1', port } });
});
beforeEach(() => {
  [stored, answers] = [[], true];
  proxy.order({});
});
afterAll(async () => {
  await proxy.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true, force: true });
});

const uploader = new ZipUploader({
  agentsFor: (url) => outboundAgents(url, { proxyEnv: {}, stallMs: 60_000 }),
  idleMs,
});
const put = () =>
  uploader.put({
    url: `http://127.0.0.1:${proxy.port}/x?signed=secret`,
    headers: {},
    path: join(dir, 'a.zip'),
    sizeBytes: zip.length,
    signal: new AbortController().signal,
  });

it('waits for what is on its way: a slow line takes longer than the idle time, and is no standstill', async () => {
  // The buffers of this machine take all of it at once; then nothing is heard for four times the idle time.
  proxy.order({ upstream: { bytesPerSecond: 100_000 } });
  const startedAtMs = performance.now();
  await put();
  expect(performance.now() - startedAtMs).toBeGreaterThan(2 * idleMs);
  expect(stored).toEqual([zip.length]);
});

it('may have been stored when no answer comes behind the last byte', async () => {
  answers = false;
  const failure = await put().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UploadUncertain);
  expect(String(failure)).not.toContain('secret');
  expect(stored).toEqual([zip.length]);
});

it('was not stored when nobody took it', async () => {
  await proxy.refuse();
  try {
    const failure = await put().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'upload-failed', retry: 'later' });
    expect(failure).not.toBeInstanceOf(UploadUncertain);
  } finally {
    await proxy.accept();
  }
});

describe('reach', () => {
  const signal = () => AbortSignal.timeout(5_000);

  it('takes any answer for one, and none for none', async () => {
    await uploader.reach(`http://127.0.0.1:${proxy.port}`, signal());
    await proxy.refuse();
    try {
      await expect(uploader.reach(`http://127.0.0.1:${proxy.port}`, signal())).rejects.toThrow(
        'upload-failed',
      );
    } finally {
      await proxy.accept();
    }
  });
});
