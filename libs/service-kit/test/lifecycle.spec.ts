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
  it('makes it not ready, then closes connections with their answers, then the server, then ends its work', async () => {
    const { service, origin } = await runReady({ EXREC_DRAIN_SECONDS: '1.5' });
    const before = await fetch(`${origin}/health/live`);
    expect(before.headers.get('connection')).toBe('keep-alive');
    service.signal(signal);
    await waitFor('the signal', () => events(service).includes('service.draining'));
    const ready = await fetch(`${origin}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { service: { status: 'down' } } });
    const live = await fetch(`${origin}/health/live`);
    expect([live.status, live.headers.get('connection')]).toEqual([200, 'close']);
    expect(service.exitCode()).toBeUndefined();
    const late = fetch(`${origin}/slow`);
    await fetch(`${origin}/finish`);
    expect((await late).status).toBe(200);
    expect(await service.ended).toEqual({ code: 0, signal: null });
    expect(events(service).slice(-2)).toEqual(['fixture.stopping', 'service.gone']);
    await expect(fetch(`${origin}/health/live`)).rejects.toThrow();
  });
});

it.each(['SIGTERM', 'SIGINT'] as const)('ends by %s while it is still starting', async (signal) => {
  const port = await freePort();
  const settings = { STORAGE_PORT: `${port}`, STORAGE_PASSWORD: 'never begins' };
  const service = await run(settings, `http://127.0.0.1:${port}/health/live`);
  service.signal(signal);
  expect(await service.ended).toEqual({ code: 0, signal: null });
});

it('survives a second signal while it drains, and a hang-up at any time', async () => {
  const { service, origin } = await runReady({ EXREC_DRAIN_SECONDS: '1.5' });
  service.signal('SIGHUP');
  service.signal('SIGTERM');
  await waitFor('the signal', () => events(service).includes('service.draining'));
  service.signal('SIGTERM');
  service.signal('SIGINT');
  service.signal('SIGHUP');
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

describe('arguments', () => {
  const startWith = async (...args: string[]) => {
    const service = await startProcess({ args: [program, ...args], cwd: folder });
    running.push(service);
    return { code: (await service.ended).code, output: service.output() };
  };

  it('--version says what it was built from', async () => {
    const { code, output } = await startWith('--version');
    expect(code).toBe(0);
    expect(output).toMatch(/^storage \S+ \(commit \S+, Node\.js v\d+\.\d+\.\d+\)\n$/);
  });

  it('--help lists all settings of the service, with defaults and without a sample of a secret', async () => {
    const { code, output } = await startWith('--help');
    expect(code).toBe(0);
    expect(output).toContain('STORAGE_PORT [default: 3670]');
    expect(output).toContain('STORAGE_PASSWORD [secret]');
    expect(output).toContain('LOG_LEVEL [default: info]');
    expect(output).not.toContain('EXRP_PORT');
  });

  it.each([['--verison'], ['--help', 'me'], ['start']])(
    'others are wrong use: %s',
    async (...args) => {
      const { code, output } = await startWith(...args);
      expect(code).toBe(64);
      expect(output).toContain('--help');
    },
  );
});

/** Makes a certificate for 127.0.0.1 of its own key. */
function writeCertificate(cert: string, key: string): void {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1'],
    ],
    { stdio: 'ignore' },
  );
}

it('speaks TLS when it has a certificate, and takes another one while it runs', async () => {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeCertificate(cert, key);
  const port = await freePort();
  const service = await run({ STORAGE_PORT: `${port}`, TLS_CERT_FILE: cert, TLS_KEY_FILE: key });
  await waitFor('the start', () => events(service).includes('service.running'));
  const statusWith = (ca: Buffer) =>
    new Promise<number | string | undefined>((resolve) => {
      const options = { ca, agent: false };
      get(`https://127.0.0.1:${port}/health/ready`, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
  const former = readFileSync(cert);
  expect(await statusWith(former)).toBe(200);
  await expect(fetch(`http://127.0.0.1:${port}/health/ready`)).rejects.toThrow();

  // One file after the other, as people copy them: what does not fit together is not taken.
  const [nextCert, nextKey] = [join(folder, 'next-cert.pem'), join(folder, 'next-key.pem')];
  writeCertificate(nextCert, nextKey);
  writeFileSync(cert, readFileSync(nextCert));
  await waitFor('the refusal', () => events(service).includes('certificate.refused'));
  expect(await statusWith(former)).toBe(200);
  writeFileSync(key, readFileSync(nextKey));
  await waitFor('the new one', () => events(service).includes('certificate.loaded'));
  expect(await statusWith(readFileSync(nextCert))).toBe(200);
  expect(await statusWith(former)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
});

it('says at / and /version what it is', async () => {
  const { origin } = await runReady();
  const face = (await (await fetch(origin)).json()) as Record<string, unknown>;
  expect(face).toMatchObject({ name: 'storage', links: { ready: '/health/ready' } });
  const version: unknown = await (await fetch(`${origin}/version`)).json();
  expect(version).toEqual({
    name: 'storage',
    version: face.version,
    commit: face.commit,
    node: process.version,
  });
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  expect(metrics).toContain(
    `exrec_build_info{version="${String(face.version)}",commit="${String(face.commit)}",service="storage"} 1`,
  );
});
