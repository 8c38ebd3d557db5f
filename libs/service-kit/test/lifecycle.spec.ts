import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProcess, waitFor, type RunningProcess } from '@exrec/testing';
import { bundledFixture } from './bundled-fixture.js';

let program: string;
let folder: string;
const running: RunningProcess[] = [];

beforeAll(async () => {
  program = await bundledFixture('tiny-service');
  folder = mkdtempSync(join(tmpdir(), 'exrec-lifecycle-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.kill()));
});

async function run(env: Record<string, string>, readyUrl?: string): Promise<RunningProcess> {
  const service = await startProcess({
    args: [program],
    env: { STORAGE_HOST: '127.0.0.1', ...env },
    cwd: folder,
    ...(readyUrl === undefined ? {} : { readyUrl }),
  });
  running.push(service);
  return service;
}

async function runReady(env: Record<string, string> = {}) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const service = await run({ STORAGE_PORT: `${port}`, ...env }, `${origin}/health/ready`);
  return { service, origin };
}

/** Names of all events in the log so far. */
function events(service: RunningProcess): unknown[] {
  const lines = service.output().split('\n').filter(Boolean);
  return lines.map((line) => (JSON.parse(line) as { event: unknown }).event);
}

describe('wrong settings', () => {
  it('end the start with code 78 and all faults by name, without values', async () => {
    const service = await run({
      STORAGE_PORT: 'canary-port',
      STORAGE_QUOTA_GB: '-canary-quota',
      STORAGE_PASSWORD: 'canary-inline',
      STORAGE_PASSWORD_FILE: '/canary/file',
      STORAGE_QUOTTA: 'canary-typo',
      TLS_CERT_FILE: '/canary/cert',
    });
    expect(await service.ended).toEqual({ code: 78, signal: null });
    for (const name of [
      'STORAGE_PORT',
      'STORAGE_QUOTA_GB',
      'STORAGE_PASSWORD',
      'STORAGE_QUOTTA',
      'TLS_KEY_FILE',
    ]) {
      expect(service.output()).toMatch(new RegExp(`^ +${name} `, 'm'));
    }
    expect(service.output()).not.toContain('canary');
  });

  it.each([
    ['is missing', 'none.pem'],
    ['is none', 'garbage.pem'],
  ])('end the start with code 78 when the certificate %s', async (_what, file) => {
    writeFileSync(join(folder, 'garbage.pem'), 'garbage');
    const service = await run({
      STORAGE_PORT: `${await freePort()}`,
      TLS_CERT_FILE: join(folder, file),
      TLS_KEY_FILE: join(folder, file),
    });
    expect(await service.ended).toEqual({ code: 78, signal: null });
    expect(service.output()).toContain('TLS_CERT_FILE');
  });
});

it('reads .env in the working directory, but not in production', async () => {
  const port = await freePort();
  writeFileSync(join(folder, '.env'), `STORAGE_PORT=${port}\nSTORAGE_QUOTA_GB=none\n`);
  const refused = await run({});
  expect((await refused.ended).code).toBe(78);
  const service = await run({ NODE_ENV: 'production', STORAGE_PORT: `${port}` });
  await waitFor('the start', () => events(service).includes('service.running'));
  writeFileSync(join(folder, '.env'), '');
});

it('names a port that is taken and ends with code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await waitFor('the other server', () => other.listening);
  const address = other.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const service = await run({ STORAGE_PORT: `${port}` });
  const end = await service.ended;
  await new Promise((resolve) => other.close(resolve));
  expect(end).toEqual({ code: 1, signal: null });
  const last: unknown = JSON.parse(service.output().trim());
  expect(last).toMatchObject({
    level: 'error',
    event: 'service.cannot-listen',
    port,
    error: { code: 'EADDRINUSE' },
  });
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('makes it not ready at once, lets work in flight end, and ends with code 0', async () => {
    const { service, origin } = await runReady();
    service.signal(signal);
    await waitFor('the signal', () => events(service).includes('service.draining'));
    const ready = await fetch(`${origin}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { service: { status: 'down' } } });
    expect(service.exitCode()).toBeUndefined();
    expect((await fetch(`${origin}/health/live`)).status).toBe(200);
    await fetch(`${origin}/finish`);
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(events(service).slice(-1)).toEqual(['service.gone']);
  });
});

it('survives a second signal while it drains', async () => {
  const { service, origin } = await runReady();
  service.signal('SIGTERM');
  await waitFor('the signal', () => events(service).includes('service.draining'));
  service.signal('SIGTERM');
  service.signal('SIGINT');
  expect((await fetch(`${origin}/finish`)).status).toBe(200);
  expect(await service.ended).toEqual({ code: 0, signal: null });
  expect(events(service).filter((event) => event === 'service.draining')).toHaveLength(1);
});

it.each([
  ['/throw', 'service.uncaught-exception'],
  ['/reject', 'service.unhandled-rejection'],
])('logs a fault of ours without its secrets and ends: %s', async (path, event) => {
  const { service, origin } = await runReady();
  await fetch(origin + path).catch(() => undefined);
  expect(await service.ended).toEqual({ code: 70, signal: null });
  expect(events(service)).toContain(event);
  expect(service.output()).not.toMatch(/4930555010|abc\.def/);
});

it('speaks TLS when it has a certificate', async () => {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1'],
    ],
    { stdio: 'ignore' },
  );
  const port = await freePort();
  const service = await run({ STORAGE_PORT: `${port}`, TLS_CERT_FILE: cert, TLS_KEY_FILE: key });
  await waitFor('the start', () => events(service).includes('service.running'));
  const status = await new Promise((resolve, reject) => {
    get(`https://127.0.0.1:${port}/health/ready`, { ca: readFileSync(cert) }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
  expect(status).toBe(200);
  await expect(fetch(`http://127.0.0.1:${port}/health/ready`)).rejects.toThrow();
});
