import { sql } from 'kysely';
import { recordingIdOf } from '@exrec/gc-metadata';
import { silentLogger } from '@exrec/service-kit';
import { runCommand, type StartedApp } from '@exrec/testing';
import { connectDatabase } from '../src/database/connect.js';
import { ask, itemsOf, startLedgerService, type LedgerService } from './ledger-service.js';
import {
  callOf,
  injectionEntry,
  interactionEntry,
  mediaOf,
  plantedAni,
  segmentEntry,
  startMs,
} from './sample-entries.js';

const count = 130;
let service: LedgerService;
let app: StartedApp;

beforeAll(async () => {
  service = await startLedgerService();
  app = await service.start();
  const entries = Array.from({ length: count }, (_, index) => [
    segmentEntry(index, 0),
    interactionEntry(index, 0),
    injectionEntry(index, 0, index % 10 === 3 ? { state: 'failed', cause: 'gc-rejected' } : {}),
  ]).flat();
  await service.tell(...entries);
  await service.tell(
    segmentEntry(500, 0, {
      scope: { inScope: false },
      dispatch: { state: 'out-of-scope', atMs: startMs },
      sta: { requested: false, reason: 'queue-unknown' },
      queue: undefined,
      ani: '+49 30 7770042',
    }),
  );
  await service.caughtUp();
});
afterAll(() => service.stop());

const get = (path: string) => ask(app.url, path);
const idsAt = async (query: string) =>
  itemsOf(await get(`/api/v1/recordings?${query}`)).map(({ mediaId }) => mediaId);

describe('GET /api/v1/recordings', () => {
  it.each([
    ['q', recordingIdOf(mediaOf(7))],
    ['q', mediaOf(7)],
    ['q', mediaOf(7).slice(0, 40)],
    ['q', callOf(7)],
    ['call', callOf(7)],
    ['call', 'consult-of-7'],
    ['q', 'consult-of-7'],
  ])('finds one recording by %s=%s', async (name, value) => {
    expect(await idsAt(new URLSearchParams({ [name]: value }).toString())).toEqual([mediaOf(7)]);
  });

  it.each([
    ['agent=agent7105', 2],
    ['q=agent7105', 2],
    ['dn=7105', 2],
    ['q=7105', 2],
    ['queue=VQ_Sales&limit=500', 65],
    ['state=failed', 13],
    ['cause=gc-rejected', 13],
    ['state=failed&queue=VQ_TechSupport', 0],
    ['state=failed&queue=VQ_Sales', 13],
    ['q=agent7103&state=failed', 2],
    ['q=VQ_Sales&agent=agent7103', 2],
    [`q=${mediaOf(13).slice(0, 40)}&state=failed`, 1],
    [`q=${mediaOf(14).slice(0, 40)}&state=failed`, 0],
    ['number=0042&scope=out&sta=not-requested', 1],
    ['number=0042&scope=in', 0],
    ['number=%2B491715550110&limit=500', count],
    ['number=00491715550110&queue=VQ_Sales&limit=500', 65],
    ['q=0110&limit=500', count],
    ['number=0199&limit=500', count + 1],
    ['number=0042', 1],
    ['number=491715550111', 0],
    ['language=de-DE&limit=500', count],
    ['program=Tech%20quality&limit=500', count],
    ['sta=queue-unknown', 1],
    ['sta=not-requested', 1],
    ['scope=out', 1],
    ['state=out-of-scope', 1],
    [`from=2026-03-03T10:15:04Z&to=2026-03-03T10:17:04Z`, 2],
    [`q=%25`, 0],
    [`q=${encodeURIComponent(`' OR 1=1 --`)}`, 0],
    [`agent=${encodeURIComponent('a"b')}`, 0],
  ])('finds by %s: %s', async (query, expected) => {
    expect(await idsAt(query)).toHaveLength(expected);
  });

  it('gives all pages, newest first, each recording once', async () => {
    const found: string[] = [];
    let cursor = '';
    do {
      const page = await get(`/api/v1/recordings?limit=40${cursor}`);
      found.push(...itemsOf(page).map(({ mediaId }) => String(mediaId)));
      const next: unknown = page.body.nextCursor;
      cursor = typeof next === 'string' ? `&cursor=${encodeURIComponent(next)}` : '';
    } while (cursor !== '');
    expect(found).toHaveLength(count + 1);
    expect(found).toEqual([
      mediaOf(500),
      ...Array.from({ length: count }, (_, i) => mediaOf(count - 1 - i)),
    ]);
  });

  it('gives all of them also where PostgreSQL has parts of a millisecond', async () => {
    const db = connectDatabase(service.databaseUrl, silentLogger);
    const move = (by: string) =>
      sql`UPDATE recordings SET start_time = start_time + ${by}::interval`.execute(db);
    await move('0.4 milliseconds');
    const { body } = await get('/api/v1/recordings?limit=40');
    const csv = await get('/api/v1/recordings?format=csv');
    await move('-0.4 milliseconds');
    await db.destroy();
    expect(body.items).toHaveLength(40);
    expect(body.nextCursor).toEqual(expect.any(String));
    expect(csv.text.trim().split('\r\n')).toHaveLength(count + 2);
  });

  it.each([
    ['colour=red', '/colour'],
    ['limit=501', '/limit'],
    ['limit=0', '/limit'],
    ['from=yesterday', '/from'],
    ['from=2026-03-04&to=2026-03-03', '/to'],
    ['scope=maybe', '/scope'],
    ['number=12', '/number'],
    ['q=%00', '/q'],
    [`q=${'x'.repeat(10_000)}`, '/q'],
    ['cursor=AAAA.BBBB', '/cursor'],
    ['format=xml', '/format'],
  ])('refuses %s by name', async (query, pointer) => {
    const { status, body } = await get(`/api/v1/recordings?${query}`);
    expect(status).toBe(400);
    expect(body.errors[0].pointer).toBe(pointer);
  });

  it('refuses a cursor that was changed, and one of another search', async () => {
    const { body } = await get('/api/v1/recordings?limit=1');
    const [text, signature] = String(body.nextCursor).split('.');
    const other = Buffer.from(`${startMs} zzz`).toString('base64url');
    expect((await get(`/api/v1/recordings?limit=1&cursor=${other}.${signature}`)).status).toBe(400);
    const foreign = `/api/v1/recordings?limit=1&state=failed&cursor=${text}.${signature}`;
    expect((await get(foreign)).status).toBe(400);
  });

  it('answers a range of ten years', async () => {
    const { body } = await get('/api/v1/recordings?from=2020-01-01&to=2030-01-01&limit=500');
    expect(body.items).toHaveLength(count + 1);
  });

  it('streams all as CSV, with no formula in a cell', async () => {
    const { text, headers } = await get('/api/v1/recordings?format=csv&queue=VQ_Sales');
    const lines = text.trimEnd().split('\r\n');
    expect(headers.get('content-type')).toContain('text/csv');
    expect(lines[0]).toContain('recordingId,');
    expect(lines).toHaveLength(66);
  });

  it('needs a token', async () => {
    expect((await ask(app.url, '/api/v1/recordings', { token: '' })).status).toBe(401);
  });
});

describe('GET /api/v1/interactions', () => {
  it.each([
    [`call=${callOf(9)}`, 1],
    ['call=consult-of-9', 1],
    [`q=${callOf(9)}`, 1],
    [`q=${mediaOf(9)}`, 1],
    ['agent=agent7105', 2],
    ['q=7105', 2],
    ['queue=VQ_Sales&limit=500', 65],
    ['state=failed', 13],
    ['state=failed&agent=agent7103', 2],
    ['state=failed&agent=agent7105', 0],
    ['program=Tech%20quality&limit=500', count],
    ['number=0110&limit=500', count],
    ['queue=VQ_of_nobody', 0],
    ['number=0110&state=failed&language=de-DE&program=Tech%20quality&scope=in', 13],
    ['q=agent7103&state=failed', 2],
    ['q=VQ_Sales&limit=500', 65],
    ['sta=not-requested', 0],
    ['scope=in&from=2026-03-03T10:15:00Z&to=2026-03-03T10:17:00Z', 2],
  ])('finds by %s: %s', async (query, expected) => {
    const { body } = await get(`/api/v1/interactions?${query}`);
    expect(body.items).toHaveLength(expected);
  });

  it('gives all pages of a search, newest first, each interaction once', async () => {
    const found: string[] = [];
    let cursor = '';
    do {
      const page = await get(`/api/v1/interactions?queue=VQ_Sales&scope=in&limit=20${cursor}`);
      found.push(...itemsOf(page).map(({ interactionId }) => String(interactionId)));
      const next: unknown = page.body.nextCursor;
      cursor = typeof next === 'string' ? `&cursor=${encodeURIComponent(next)}` : '';
    } while (cursor !== '');
    expect(found).toEqual(Array.from({ length: 65 }, (_, i) => callOf(count - 1 - 2 * i)));
  });

  it('finds a call that goes on, and leaves out what turned out to be a part of another one', async () => {
    const from = '2026-03-09T00:00:00Z';
    const startMs = Date.parse('2026-03-09T10:00:00Z');
    const bare = { startMs, agents: [], dns: [], queues: [], segments: 0 };
    const running = { ...bare, state: 'open', endMs: undefined, endedBy: undefined } as const;
    const ani = '+49 30 7770043';
    await service.tell(
      interactionEntry(700, 1, { ...running, ani, conversationState: 'open' }),
      interactionEntry(701, 1, running),
      interactionEntry(701, 2, { ...bare, state: 'joined', ani: undefined, dnis: undefined }),
      interactionEntry(700, 3, { ...running, ani, callUUIDs: [callOf(700), callOf(701)] }),
    );
    await service.caughtUp();
    const found = async (query: string) =>
      itemsOf(await get(`/api/v1/interactions?${query}`)).map((one) => one.interactionId);
    expect(await found(`from=${from}`)).toEqual([callOf(700)]);
    expect(await found('number=0043')).toEqual([callOf(700)]);
    expect(await found(`q=${callOf(701)}`)).toEqual([callOf(700)]);
    const { body } = await get(`/api/v1/interactions/${callOf(701)}`);
    expect(body).toMatchObject({ interactionId: callOf(700), state: 'open', endTime: null });
  });

  it('shows one by any of its calls, with its recordings', async () => {
    const { body } = await get('/api/v1/interactions/consult-of-9');
    expect(body).toMatchObject({
      interactionId: callOf(9),
      state: 'finished',
      ani: { lastFour: '0110' },
    });
    expect(body.recordings).toHaveLength(1);
    expect(body.recordings[0]).toMatchObject({
      state: 'confirmed',
      program: { name: 'Tech quality' },
      history: [{ outcome: 'uploaded' }],
      keyFingerprint: 'F'.repeat(40),
    });
  });
});

describe('sums', () => {
  it('counts by any dimension, also from and to the middle of an hour', async () => {
    const span = 'from=2026-03-03T10:20:00Z&to=2026-03-03T11:40:00Z';
    const byQueue = itemsOf(await get(`/api/v1/summary?${span}&by=queue`));
    expect(byQueue.map(({ value, recordings }) => [value, recordings])).toEqual([
      ['VQ_Sales', 40],
      ['VQ_TechSupport', 40],
    ]);
    for (const by of ['hour', 'day', 'agent', 'state', 'cause', 'language', 'program']) {
      const items = itemsOf(await get(`/api/v1/summary?${span}&by=${by}`));
      const sum = items.reduce((total, { recordings }) => total + Number(recordings), 0);
      expect([by, sum]).toEqual([by, 80]);
    }
  });

  it('counts by what was decided about transcription, of three months at most', async () => {
    const items = itemsOf(await get('/api/v1/summary?from=2026-03-01&to=2026-04-01&by=sta'));
    const counts = Object.fromEntries(items.map(({ value, recordings }) => [value, recordings]));
    const listed = itemsOf(await get('/api/v1/recordings?sta=requested&limit=500'));
    expect(counts.requested).toBe(listed.length);
    expect((await get('/api/v1/summary?from=2025-03-01&to=2026-04-01&by=sta')).status).toBe(400);
  });

  it('says on one page what stands still and since when, and how fast the rest goes', async () => {
    const { body } = await get('/api/v1/overview?from=2026-03-01&to=2026-04-01');
    expect(body.states).toMatchObject({ confirmed: 117, failed: 13, 'out-of-scope': 1 });
    expect(body.unexplained).toBe(0);
    const failed = body.failed as { cause: string; recordings: number; oldestAt: string }[];
    expect(failed.reduce((sum, { recordings }) => sum + recordings, 0)).toBe(13);
    for (const { cause, oldestAt } of failed) {
      const all = itemsOf(await get(`/api/v1/recordings?state=failed&cause=${cause}&limit=500`));
      expect(all.at(-1)?.startTime).toBe(oldestAt);
    }
    expect(body.waiting).toEqual([]);
    expect(body.conversations.complete).toBeGreaterThan(0);
    // All of them came within the last minutes.
    expect(body.perMinute.collected).toBeGreaterThan(0);
    expect(body.perMinute.confirmed).toBeGreaterThan(0);
    expect(body.perMinute.inScope).toBeLessThanOrEqual(body.perMinute.collected);
  });

  it('proves in one sentence what became of all', async () => {
    const { body } = await get('/api/v1/proof?from=2026-03-01&to=2026-04-01');
    expect(body).toMatchObject({
      collected: 131,
      outOfScope: 1,
      confirmed: 117,
      failed: 13,
      waiting: 0,
      uploaded: 0,
      unexplained: 0,
    });
    expect(body.sentence).toBe(
      '131 recordings were collected: 117 in Genesys Cloud, 0 uploaded and not yet confirmed, 0 on their way, 1 not in scope, 13 failed. 0 unexplained.',
    );
  });
});

describe('privacy', () => {
  it('keeps no whole number anywhere in the database', async () => {
    const dump = await runCommand('pg_dump', ['--data-only', '--inserts', service.postgres.url]);
    const text = dump.stdout.toString();
    const digits = plantedAni.replace(/\D/g, '').slice(2);
    expect(text).toContain('agent7105');
    expect(text).not.toContain(digits);
    expect(text).not.toContain(plantedAni);
    expect(text).not.toContain('8005550199');
    expect(app.output()).not.toContain(digits);
  });
});
