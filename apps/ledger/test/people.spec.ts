import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { recordingIdOf } from '@exrec/gc-metadata';
import { silentLogger, verifyProof } from '@exrec/service-kit';
import { runCommand, waitFor, type StartedApp } from '@exrec/testing';
import { connectDatabase } from '../src/database/connect.js';
import { sealDays } from '../src/proof/seal-days.js';
import { ask, itemsOf, startLedgerService, type LedgerService } from './ledger-service.js';
import {
  callOf,
  injectionEntry,
  interactionEntry,
  mediaOf,
  plantedAni,
  segmentEntry,
} from './sample-entries.js';

const day = 24 * 3_600_000;
let service: LedgerService;
let app: StartedApp;
let exrp: Server;
let dir: string;
const asked: { method: string; path: string; authorization: string | undefined; body: string }[] =
  [];

beforeAll(async () => {
  service = await startLedgerService();
  exrp = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks).toString();
      asked.push({ method, path: url, authorization: headers.authorization, body });
      if (url.startsWith('/api/v1/standing')) {
        response.writeHead(401).end();
        return;
      }
      const isGone = url.includes(recordingIdOf(mediaOf(3)));
      response
        .writeHead(isGone ? 409 : 202, { 'content-type': 'application/json' })
        .end('{"sentence":"as EXCP says"}');
    });
  });
  await new Promise<void>((done) => exrp.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(exrp.address() as AddressInfo).port}`;
  dir = await mkdtemp(join(tmpdir(), 'exrec-tokens-'));
  const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
  const tokens = ['viewer', 'operator'].map((role) => ({
    name: `the-${role}`,
    role,
    sha256: sha256(`token-of-${role}`),
  }));
  await writeFile(join(dir, 'tokens.yaml'), JSON.stringify(tokens));
  app = await service.start({
    EXRP_URL: url,
    EXCP_URL: url,
    LEDGER_KEEP_NUMBERS: 'true',
    EXREC_TOKENS_FILE: join(dir, 'tokens.yaml'),
  });
  const failed = { state: 'failed', cause: 'gc-rejected' } as const;
  await service.tell(
    ...[1, 2, 3, 4, 5].flatMap((index) => [
      segmentEntry(index, 0),
      interactionEntry(index, 0),
      injectionEntry(index, 0, index > 3 ? {} : failed),
    ]),
  );
  await service.caughtUp();
});
beforeEach(() => asked.splice(0));
afterAll(async () => {
  exrp.closeAllConnections();
  exrp.close();
  await service.stop();
  await rm(dir, { recursive: true });
});

const as = (role: string) => ({ token: `token-of-${role}` });
const post = (path: string, body: object, options: RequestInit & { token?: string } = {}) =>
  ask(app.url, path, { method: 'POST', body: JSON.stringify(body), ...options });
const idOf = (index: number) => recordingIdOf(mediaOf(index));

describe('roles', () => {
  it.each([
    ['GET', '/api/v1/recordings', 'viewer', 200],
    ['GET', '/api/v1/proof', 'viewer', 200],
    ['GET', '/api/v1/orphans', 'viewer', 202],
    ['POST', '/api/v1/requeue', 'viewer', 403],
    ['POST', '/api/v1/reconciliations', 'viewer', 403],
    ['POST', '/api/v1/reconciliations', 'operator', 202],
    ['POST', '/api/v1/orphans/attach', 'operator', 403],
    ['GET', '/api/v1/audit', 'operator', 403],
    ['DELETE', `/api/v1/interactions/${callOf(1)}`, 'operator', 403],
    ['GET', `/api/v1/recordings/${idOf(1)}?numbers=whole`, 'operator', 403],
    ['GET', '/api/v1/recordings', 'nobody', 401],
  ])('%s %s as %s: %s', async (method, path, role, expected) => {
    const body = method === 'GET' ? null : '{}';
    const { status } = await ask(app.url, path, { method, body, ...as(role) });
    expect(status).toBe(expected);
    expect(asked.every(({ authorization }) => authorization === `Bearer token-of-${role}`)).toBe(
      true,
    );
  });
});

describe('sending again', () => {
  const finished = async (id: string) =>
    waitFor('the job', async () => {
      const { body } = await ask(app.url, `/api/v1/jobs/${id}`);
      return body.state === 'running' ? undefined : (body as object);
    });

  it('sends what the filters find among the failed, with the token of whoever asked, and counts', async () => {
    const dry = await post(
      '/api/v1/requeue',
      { cause: 'gc-rejected', dryRun: true },
      as('operator'),
    );
    expect(dry.body).toMatchObject({ total: 3 });
    expect(asked).toEqual([]);
    const order = { cause: 'gc-rejected', perMinute: 6_000, why: 'mended' };
    const { status, body } = await post('/api/v1/requeue', order, as('operator'));
    expect([status, body.total, body.who]).toEqual([202, 3, 'the-operator']);
    expect(await finished(body.id as string)).toMatchObject({
      state: 'finished',
      done: 2,
      failed: 1,
    });
    const [job] = itemsOf(await ask(app.url, '/api/v1/jobs', as('viewer')));
    expect(job).toMatchObject({ id: body.id, who: 'the-operator', why: 'mended', done: 2 });
    expect(asked).toHaveLength(3);
    expect(asked[0]).toMatchObject({
      method: 'POST',
      authorization: 'Bearer token-of-operator',
      body: '{"why":"mended"}',
    });
  });

  it('keeps its pace and stops when it is told to', async () => {
    const ids = [1, 2, 4, 5].map(idOf);
    const { body } = await post('/api/v1/requeue', { ids, perMinute: 12 }, as('operator'));
    await waitFor('the first', () => asked.length === 1);
    const stopped = await ask(app.url, `/api/v1/jobs/${String(body.id)}`, {
      method: 'DELETE',
      ...as('operator'),
    });
    expect(stopped.body).toMatchObject({ state: 'stopped', total: 4 });
    expect((await ask(app.url, '/api/v1/jobs/none')).status).toBe(404);
  });

  it('refuses what is neither one nor the other', async () => {
    expect((await post('/api/v1/requeue', { ids: ['a'], cause: 'x' })).status).toBe(400);
    expect((await post('/api/v1/requeue', { colour: 'red' })).body.errors[0].pointer).toBe(
      '/colour',
    );
  });
});

it('takes a neighbour that does not know the token for no end of the session', async () => {
  const { status, body } = await ask(app.url, '/api/v1/standing', as('viewer'));
  expect([status, body.detail]).toEqual([403, 'EXRP does not know this token']);
});

it('passes on what EXCP knows, and says when it does not answer', async () => {
  expect((await post('/api/v1/reconciliations', {})).body).toEqual({ sentence: 'as EXCP says' });
  expect(asked[0]?.path).toBe('/api/v1/reconciliations');
  const lonely = await service.start({ EXCP_URL: 'http://127.0.0.1:9' });
  const { status, body } = await ask(lonely.url, '/api/v1/orphans');
  expect([status, body.detail]).toEqual([503, 'EXCP does not answer']);
  await lonely.kill();
});

describe('numbers, erasure and audit', () => {
  const dump = async () =>
    (
      await runCommand('pg_dump', ['--data-only', '--inserts', service.postgres.url])
    ).stdout.toString();

  it('shows whole numbers to admins who ask, and notes each time', async () => {
    const path = `/api/v1/recordings/${idOf(5)}`;
    expect((await ask(app.url, path)).body.ani).toEqual({ lastFour: '0110' });
    expect((await ask(app.url, `${path}?numbers=whole`)).body.ani).toEqual({
      lastFour: '0110',
      number: plantedAni,
    });
    const [newest] = itemsOf(await ask(app.url, '/api/v1/audit?limit=1'));
    expect(newest).toMatchObject({
      who: 'admin',
      role: 'admin',
      what: 'show-numbers',
      subject: idOf(5),
    });
  });

  it('erases a call so that nothing personal is left, not even of what comes later; the proof holds', async () => {
    const proofBefore = (await ask(app.url, '/api/v1/proof?from=2026-03-01&to=2026-04-01')).body;
    const erase = { method: 'DELETE', body: JSON.stringify({ reason: 'asked by letter' }) };
    const noReason = { ...erase, body: '{}' };
    expect((await ask(app.url, `/api/v1/interactions/${callOf(4)}`, noReason)).status).toBe(400);
    expect((await ask(app.url, '/api/v1/interactions/unknown', erase)).status).toBe(404);
    const erased = await ask(app.url, `/api/v1/interactions/${callOf(4)}`, erase);
    expect(erased.body).toEqual({ interactionId: callOf(4), recordings: 1 });
    await service.tell(segmentEntry(4, 0, { agentId: 'agent-of-later' }), interactionEntry(4, 0));
    await service.caughtUp();
    const { body } = await ask(app.url, `/api/v1/interactions/${callOf(4)}`);
    expect(body).toMatchObject({ agents: [], ani: null });
    expect(body.recordings[0]).toMatchObject({
      agent: null,
      dn: null,
      ani: null,
      state: 'confirmed',
      audio: { sizeBytes: 828_480 },
    });
    expect(await dump()).not.toContain('agent-of-later');
    expect((await ask(app.url, '/api/v1/recordings?agent=agent7104')).body.items).toEqual([]);
    const agents = itemsOf(
      await ask(app.url, '/api/v1/summary?from=2026-03-01&to=2026-04-01&by=agent'),
    );
    expect(agents.find(({ value }) => value === 'agent7104')).toBeUndefined();
    expect((await ask(app.url, '/api/v1/proof?from=2026-03-01&to=2026-04-01')).body).toEqual(
      proofBefore,
    );
    const [newest] = itemsOf(await ask(app.url, '/api/v1/audit?limit=1'));
    expect(newest).toMatchObject({ what: 'erase', subject: callOf(4), why: 'asked by letter' });
  });
});

describe('the daily chain', () => {
  it('seals days that are over, each on top of the one before, and names a row that was changed', async () => {
    const db = connectDatabase(service.postgres.url, silentLogger);
    const today = new Date().toISOString().slice(0, 10);
    const seal = (nowMs: number, oldestWaitingMs?: number) =>
      sealDays({ db, nowMs, oldestWaitingMs, logger: silentLogger });
    const midnight = Date.parse(`${today}T00:00:00Z`) + day;
    expect(await seal(midnight + 60_000)).toEqual([]);
    expect(await seal(midnight + 3_600_000, midnight - 1)).toEqual([]);
    expect(await seal(midnight + 3_600_000)).toEqual([today]);
    // What comes after the seal is an entry of the next day.
    await service.tell(injectionEntry(1, 0));
    await service.caughtUp();
    const tomorrow = new Date(midnight).toISOString().slice(0, 10);
    expect(await seal(midnight + day + 3_600_000)).toEqual([tomorrow]);

    const head = (await ask(app.url, `/api/v1/proof/${today}`)).body;
    const next = (await ask(app.url, `/api/v1/proof/${tomorrow}`)).body;
    expect([head.rows, next.rows, next.previousHead]).toEqual([5, 1, head.head]);
    const exported = (await ask(app.url, `/api/v1/proof/${today}/export`)).text;
    expect(await verifyProof(exported.split('\n'))).toMatchObject({
      kind: 'whole',
      day: { head: head.head },
    });

    const victim = [1, 2, 3, 4, 5].map(idOf).sort()[2] ?? '';
    await db
      .updateTable('proof_entries')
      .set({ state: 'confirmed', upload_key: 'forged' })
      .where('recording_id', '=', victim)
      .execute();
    const forged = (await ask(app.url, `/api/v1/proof/${today}/export`)).text;
    expect(await verifyProof(forged.split('\n'))).toMatchObject({
      kind: 'broken',
      recordingId: victim,
    });
    expect((await ask(app.url, '/api/v1/proof/2020-01-01')).status).toBe(404);
    expect((await ask(app.url, '/api/v1/proof/yesterday')).status).toBe(400);
    await db.destroy();
  });
});

describe('the console', () => {
  it('signs in with a token that no script can read, and acts only from its own pages', async () => {
    expect((await post('/session', { token: 'wrong' }, { token: '' })).status).toBe(401);
    const signedIn = await post('/session', { token: 'token-of-operator' }, { token: '' });
    expect(signedIn.body).toEqual({ name: 'the-operator', role: 'operator' });
    const setCookie = signedIn.headers.get('set-cookie') ?? '';
    expect(setCookie).toMatch(/; HttpOnly; SameSite=Strict/);
    const cookie = setCookie.split(';')[0] ?? '';
    const withCookie = (headers: Record<string, string> = {}) => ({
      token: '',
      headers: { cookie, ...headers },
    });
    expect((await ask(app.url, '/session', withCookie())).body).toMatchObject({
      caller: { name: 'the-operator' },
    });
    expect((await ask(app.url, '/api/v1/recordings', withCookie())).status).toBe(200);
    const foreign = withCookie({ 'sec-fetch-site': 'cross-site' });
    expect((await post('/api/v1/reconciliations', {}, foreign)).status).toBe(403);
    const own = withCookie({ 'sec-fetch-site': 'same-origin' });
    expect((await post('/api/v1/reconciliations', {}, own)).status).toBe(202);
    expect(asked.at(-1)?.authorization).toBe('Bearer token-of-operator');
    const out = await ask(app.url, '/session', { method: 'DELETE', ...own });
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
  });
});
