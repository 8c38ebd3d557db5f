import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  casePath,
  freePort,
  startApp,
  startRedisCluster,
  startRedisSentinels,
  waitFor,
  type StartedApp,
} from '@exrec/testing';
import { mediaFile, newCallUUID } from './sample-call.js';

/** Undone after each test, last first. */
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const settings = {
  GC_API_URL: 'http://127.0.0.1:9',
  GC_LOGIN_URL: 'http://127.0.0.1:9',
  GC_CLIENT_ID: 'client',
  GC_CLIENT_SECRET: 'client-secret',
  EXRP_API_TOKEN: 'exrp-token',
};

async function startExcp(env: Readonly<Record<string, string>>): Promise<StartedApp> {
  const app = await startApp('excp', { ...settings, ...env });
  undo.push(() => app.kill());
  return app;
}

/** What readiness says of Redis, once it contains some words. */
function redisIs(app: StartedApp, words: string): Promise<string> {
  return waitFor(`Redis to be ${words}`, async () => {
    const answer = await fetch(`${app.url}/health/ready`).catch(() => undefined);
    const text = (await answer?.text()) ?? '';
    return text.includes(words) ? text : undefined;
  });
}

async function post(app: StartedApp): Promise<number> {
  const { status } = await fetch(`${app.url}/api/contact-centers/cc/recordings`, {
    method: 'POST',
    body: JSON.stringify(mediaFile(newCallUUID())),
  });
  return status;
}

/** The folder with what `cases/redis-cluster-tls/certificate.sh` makes: a certificate that names `localhost` only. */
function certificates(): string {
  const folder = mkdtempSync(join(tmpdir(), 'exrec-certificates-'));
  undo.push(() => rmSync(folder, { recursive: true }));
  const script = casePath('redis-cluster-tls', 'certificate.sh');
  execFileSync('sh', [script], { cwd: folder, stdio: 'ignore' });
  return folder;
}

/** The lines of the case's `node.conf` about TLS and names, as arguments of the server. */
function nodeArgs(folder: string, port: number): string[] {
  const lines = readFileSync(casePath('redis-cluster-tls', 'node.conf'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [name = '', value = ''] = line.split(' ');
    if (!/^tls-|^cluster-(announce-hostname|preferred)/.test(name)) return [];
    if (name === 'tls-port') return ['--tls-port', `${port}`];
    return [`--${name}`, name.endsWith('-file') ? join(folder, value) : value];
  });
}

it('a Cluster over TLS whose certificate names hosts only is called by its names', async () => {
  const folder = certificates();
  const ports: number[] = [];
  const cluster = await startRedisCluster({
    nodeArgs: async () => {
      ports.push(await freePort());
      return nodeArgs(folder, ports.at(-1) ?? 0);
    },
  });
  undo.push(() => cluster.stop());
  const env = {
    REDIS_CLUSTER_NODES: ports.map((port) => `localhost:${port}`).join(','),
    REDIS_WAIT_REPLICAS: '0',
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
  };
  const app = await startExcp({ ...env, REDIS_URL: 'rediss://localhost:6379' });
  await redisIs(app, '"redis":{"status":"up"');
  expect(await post(app)).toBe(200);
});

it('a certificate that nobody here trusts is the reason, in readiness and in the log', async () => {
  const folder = certificates();
  const ports: number[] = [];
  const cluster = await startRedisCluster({
    masters: 1,
    nodeArgs: async () => {
      ports.push(await freePort());
      return nodeArgs(folder, ports.at(-1) ?? 0);
    },
  });
  undo.push(() => cluster.stop());
  // Found by its environment variable, it would be waited for until it is up.
  const app = await startExcp({
    REDIS_URL_FILE: writtenUrl(folder),
    REDIS_CLUSTER_NODES: `localhost:${ports.join()}`,
    REDIS_WAIT_REPLICAS: '0',
  });
  await redisIs(app, 'certificate');
  expect(app.output()).toMatch(/redis\.connection-lost.*certificate/);
});

it('Sentinels with a password of their own are asked with it, and without it that is the reason', async () => {
  const [password, sentinelPassword] = ['of-the-data', 'of-the-sentinels'];
  const sentinels = await startRedisSentinels({
    extraArgs: ['--requirepass', password, '--masterauth', password],
    password,
    sentinelPassword,
    sentinelConfig: [`requirepass ${sentinelPassword}`],
  });
  undo.push(() => sentinels.stop());
  const env = {
    REDIS_SENTINELS: sentinels.sentinels,
    REDIS_SENTINEL_MASTER: sentinels.masterName,
  };
  const url = `redis://:${password}@127.0.0.1:1`;
  const app = await startExcp({
    ...env,
    REDIS_URL: url,
    REDIS_SENTINEL_PASSWORD: sentinelPassword,
  });
  await redisIs(app, '"redis":{"status":"up"');
  expect(await post(app)).toBe(200);

  const folder = mkdtempSync(join(tmpdir(), 'exrec-url-'));
  undo.push(() => rmSync(folder, { recursive: true }));
  const without = await startExcp({ ...env, REDIS_URL_FILE: writtenUrl(folder, url) });
  expect(await redisIs(without, 'NOAUTH')).not.toContain(password);
  expect(without.output()).toMatch(/redis\.connection-lost.*NOAUTH/);
});

function writtenUrl(folder: string, url = 'rediss://localhost:6379'): string {
  const file = join(folder, 'url');
  writeFileSync(file, url);
  return file;
}
