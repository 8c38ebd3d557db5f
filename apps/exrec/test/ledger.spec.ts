import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingIdOf } from '@exrec/gc-metadata';
import {
  startApp,
  startPostgres,
  startRedis,
  waitFor,
  type PostgresServer,
  type RedisServer,
  type StartedApp,
} from '@exrec/testing';
import { Redis } from 'ioredis';
import { runExrec, startExrec } from './run-exrec.js';

const token = 'token-of-an-admin';
const call = '02AB7QK300000000000000000000TEST';
const mediaId = `${call}_2026-03-03_10-15-04-00A1B2C3-1000F00D-00000001.opus`;
const startMs = Date.parse('2026-03-03T10:15:04.000Z');

let redisServer: RedisServer;
let postgres: PostgresServer;
let redis: Redis;
let ledger: StartedApp;
let neighbours: Server;

/** What EXCP and EXRP would answer; the ledger alone is to ask them. */
const neighbourAnswers: Readonly<Record<string, object>> = {
  'POST /api/v1/reconciliations': { running: true },
  'GET /api/v1/reconciliations/latest': {
    ...{ running: false, sentence: '1 segment in scope, 0 confirmed, 1 failed, 0 unexplained.' },
    differences: [{ kind: 'dead-letter', count: 1 }],
  },
  'GET /api/v1/orphans': { items: [{ recordingId: 'one', orphanStatus: 'NO_CONVERSATION' }] },
  'POST /api/v1/orphans/attach': { attached: 1 },
  [`POST /api/v1/injections/${recordingIdOf(mediaId)}/requeue`]: { state: 'queued' },
  'GET /api/v1/configuration': { rules: { syncScope: null } },
};

async function startNeighbours(): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = neighbourAnswers[`${request.method} ${request.url}`];
    const isKnown = request.headers.authorization === `Bearer ${token}`;
    response.statusCode = isKnown ? (answer === undefined ? 404 : 200) : 401;
    response.setHeader('content-type', 'application/json').setHeader('connection', 'close');
    response.end(JSON.stringify(isKnown ? (answer ?? {}) : {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const tell = (kind: string, id: string, data: object) =>
  redis.xadd('{exrec}:ledger', '*', 'v', '1', 'k', kind, 'id', id, 'd', JSON.stringify(data));

beforeAll(async () => {
  [redisServer, postgres, neighbours] = await Promise.all([
    startRedis(),
    startPostgres(),
    startNeighbours(),
  ]);
  redis = new Redis(redisServer.url);
  await tell('interaction', call, {
    ...{ callUUIDs: [call], state: 'finished', direction: 'inbound', startMs, segments: 1 },
    ...{ endMs: startMs + 401_000, ani: '+491715550110', dnis: '8005550199', flags: [] },
    ...{ agents: ['agent7105'], dns: ['7105'], queues: ['VQ_Billing'] },
  });
  await tell('segment', recordingIdOf(mediaId), {
    ...{ mediaId, interactionId: call, callUUID: call, recordedParty: 'agent' },
    ...{ agentId: 'agent7105', dn: '7105', queue: 'VQ_Billing', direction: 'inbound' },
    ...{ startMs, stopMs: startMs + 207_000, durationMs: 207_000, ani: '+491715550110' },
    scope: { inScope: true, rule: 'no-sync-scope' },
    sta: {
      ...{ requested: false, reason: 'queue-transcription-disabled' },
      trail: [{ rule: 'queue-transcription-disabled' }],
    },
    dispatch: { state: 'dispatched', atMs: startMs + 300_000, attempts: 1 },
  });
  await tell('injection', recordingIdOf(mediaId), {
    ...{ state: 'failed', cause: 'gc-rejected', detail: 'no such division', audioFile: mediaId },
    ...{ attempts: '2', acceptedAtMs: `${startMs + 300_000}`, updatedAtMs: `${startMs + 301_000}` },
  });
  const neighbour = `http://127.0.0.1:${(neighbours.address() as AddressInfo).port}`;
  ledger = await startApp('ledger', {
    ...{ REDIS_URL: redisServer.url, LEDGER_DATABASE_URL: postgres.url, ADMIN_TOKEN: token },
    ...{ EXCP_URL: neighbour, EXRP_URL: neighbour },
    LEDGER_NUMBER_KEY: 'a key of sixteen letters or more',
  });
  await waitFor('the ledger to catch up', async () => (await redis.xlen('{exrec}:ledger')) === 0);
});
afterAll(async () => {
  await ledger.kill();
  redis.disconnect();
  neighbours.close();
  await Promise.all([redisServer.stop(), postgres.stop()]);
});

const env = () => ({ EXREC_URL: ledger.url, EXREC_TOKEN: token });
const exrec = (...args: readonly string[]) => runExrec(args, { env: env() });
const started = (...args: readonly string[]) => startExrec(args, { env: env() });

it.each([['0110'], ['agent7105'], ['VQ_Billing'], [call], [mediaId], [recordingIdOf(mediaId)]])(
  'finds a recording by %s',
  async (what) => {
    const { code, stdout } = await exrec('find', what);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /02AB7QK3 +agent7105 +VQ_Billing +3:27 +◼ failed: Genesys Cloud refused it/,
    );
  },
);

it('ends with 1 when nothing is found, and with --json has one document', async () => {
  expect(await started('find', 'nobody')).toMatchObject({ code: 1, stdout: 'nothing found\n' });
  const { stdout } = await started('find', '--cause', 'gc-rejected', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    items: [{ recordingId: recordingIdOf(mediaId), state: 'failed', cause: 'gc-rejected' }],
    nextCursor: null,
  });
});

it('finds and shows a call that goes on, of which there is no recording yet', async () => {
  const running = '02AB7QK3D4FH59LMN0PQ6RSTUV000099';
  await tell('interaction', running, {
    ...{ callUUIDs: [running], state: 'open', direction: 'inbound', startMs, flags: [] },
    ...{ ani: '+49307770044', agents: ['agent7109'], dns: [], queues: [], segments: 0 },
    conversationState: 'open',
  });
  await waitFor('the ledger to catch up', async () => (await redis.xlen('{exrec}:ledger')) === 0);
  const found = await exrec('find', '0044');
  expect(found).toMatchObject({ code: 1 });
  expect(found.stdout).toMatch(
    /^calls without a recording:\n.*  02AB7QK3\w+  goes on  agent7109\n$/,
  );
  const { stdout } = await exrec('show', running);
  expect(stdout).toContain('· goes on · 0 recordings');
  expect(stdout).toMatch(/^conversation \S+ open$/m);
});

it.each([[call], [recordingIdOf(mediaId)], [mediaId]])(
  'shows a call by %s: why it failed, what to do, why it was not transcribed',
  async (id) => {
    const { code, stdout } = await exrec('show', id);
    expect(code).toBe(0);
    for (const words of [
      `Call ${call}`,
      '…0110 → …0199',
      'Not transcribed: the queue VQ_Billing has voice transcription switched off',
      'no such division',
      '→ Mend what Genesys Cloud names, then send again.',
      '· The queue has voice transcription switched off.',
    ])
      expect(stdout).toContain(words);
    expect(stdout).not.toContain('5550110');
  },
);

it.each([
  ['7105', '2026-03-03', '10:10'],
  ['--agent', '7105', '2026-03-03'],
  ['--dn', '7105', '--scope', 'in'],
  ['--sta', 'not-requested'],
])('finds it by what a person remembers: %s %s %s %s', async (...words) => {
  const { code, stdout } = await exrec('find', ...words);
  expect([code, stdout]).toEqual([0, expect.stringContaining('02AB7QK3')]);
});

it('knows a time that does not fit, and one that is given twice', async () => {
  expect(await exrec('find', '7105', '2026-03-03', '11:15')).toMatchObject({ code: 1 });
  expect(await exrec('find', '7105', '10:15', '--since', '1d')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('given twice') as string,
  });
});

it('needs nothing but the URL of the ledger and a token to reconcile, and for orphans and scope', async () => {
  const reconciled = await started('reconcile');
  expect(reconciled.stdout).toContain('0 unexplained.\n       1  dead-letter');
  expect(reconciled).toMatchObject({ code: 1, stderr: '' });
  expect(await exrec('orphans')).toMatchObject({
    ...{ code: 1, stderr: '' },
    stdout: expect.stringContaining('NO_CONVERSATION') as string,
  });
  expect(await exrec('orphans', '--attach', '--yes', '--json')).toMatchObject({
    ...{ code: 0, stdout: '{\n  "attached": 1\n}\n' },
  });
  expect(await exrec('config', 'scope', 'agent7105', '-', '-')).toMatchObject({ code: 0 });
});

it('takes what the ledger hears of services whose address nobody gave', async () => {
  const { stdout, code } = await exrec('status', '--json');
  const { services } = JSON.parse(stdout) as { services: object[] };
  expect(services).toMatchObject([
    { service: 'ledger', url: ledger.url },
    { service: 'excp', url: null, status: 'away', findings: [{ check: 'instances' }] },
    { service: 'exrp', url: null, status: 'away' },
  ]);
  expect(code).toBe(1);
});

it('says of what is not known how to find it', async () => {
  const { code, stderr } = await exrec('show', 'nothing-of-that-name');
  expect(code).toBe(1);
  expect(stderr).toContain('`exrec find` takes any part');
});

it('says what it would send again before it asks, and asks nobody who is not there', async () => {
  const dryRun = await exrec('requeue', '--cause', 'gc-rejected', '--dry-run', '--json');
  expect(JSON.parse(dryRun.stdout)).toEqual({ total: 1, perMinute: 60 });
  const { code, stderr } = await exrec('requeue', '--cause', 'gc-rejected');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')]);
  expect(await exrec('requeue')).toMatchObject({ code: 2 });
});

it('ends with 0 when all were sent again', async () => {
  const { code, stdout } = await started('requeue', recordingIdOf(mediaId), '--yes');
  expect(stdout).toContain('1 of 1 sent again');
  expect(code).toBe(0);
});

it('proves a span of time in one sentence', async () => {
  const { stdout, code } = await started('proof', '--from', '2026-03-03', '--to', '2026-03-05');
  expect(stdout).toContain('1 recording was collected: 0 in Genesys Cloud');
  expect(stdout).toContain('1 failed. 0 unexplained.');
  expect(code).toBe(0);
  expect(await exrec('proof', '--from', '2026-03-05', '--to', '2026-03-03')).toMatchObject({
    code: 2,
  });
});

it('verifies an export without asking anybody, and names what it cannot read', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'proof-'));
  try {
    const file = join(dir, 'day.ndjson');
    await writeFile(file, '{"day":"2026-03-03","previousHead":"","head":"x","rows":0}\n');
    const broken = await exrec('proof', 'verify', file);
    expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining('line 1')]);
    const missing = await started('proof', 'verify', join(dir, 'none'));
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('ENOENT')]);
  } finally {
    await rm(dir, { recursive: true });
  }
});

it('refuses a wrong token with what to do', async () => {
  const { code, stderr } = await started('find', 'x', '--token', 'guess');
  expect([code, stderr]).toEqual([2, expect.stringContaining('EXREC_TOKEN')]);
});
