import { recordingIdOf } from '@exrec/gc-metadata';
import { waitFor, type StartedApp } from '@exrec/testing';
import { sql } from 'kysely';
import { silentLogger } from '@exrec/service-kit';
import { connectDatabase } from '../src/database/connect.js';
import { migrate, migrations, NewerSchema } from '../src/database/migrations.js';
import { SchemaKeeper } from '../src/database/schema-keeper.js';
import { ask, startLedgerService, type LedgerService } from './ledger-service.js';
import { injectionEntry, mediaOf, rawFields, segmentEntry } from './sample-entries.js';

let service: LedgerService;
beforeAll(async () => {
  service = await startLedgerService();
});
beforeEach(() => service.beginAnew());
afterAll(() => service.stop());

const stream = '{exrec}:ledger';
const stateOf = async (app: StartedApp, index: number): Promise<unknown> => {
  const { status, body } = await ask(
    app.url,
    `/api/v1/recordings/${recordingIdOf(mediaOf(index))}`,
  );
  return status === 200 ? body.state : status;
};
type Readiness = { status: string; checks: Record<string, { reason?: string } | undefined> };
const readiness = async (app: StartedApp) =>
  (await ask(app.url, '/health/ready')).body as Readiness;

it('goes on where another ledger died: between its commit and its acknowledgement, and before', async () => {
  const doomed = await service.start({
    NODE_ENV: 'test',
    EXREC_CRASH_POINT: 'ledger-after-commit',
  });
  await service.tell(segmentEntry(1, 0), injectionEntry(1, 0));
  await doomed.ended;
  expect(await service.redis.xlen(stream)).toBeGreaterThan(0);
  await service.tell(segmentEntry(2, 0));
  // What the dead one has is pending with it; only after a while it may be taken.
  await service.redis.xreadgroup('GROUP', 'ledger', 'dead', 'COUNT', 1, 'STREAMS', stream, '>');
  const heir = await service.start();
  await waitFor('the pending entries', async () => (await service.redis.xlen(stream)) === 0, {
    timeoutMs: 180_000,
  });
  expect(await stateOf(heir, 1)).toBe('confirmed');
  expect(await stateOf(heir, 2)).toBe('collected');
});

it('waits for PostgreSQL as long as it takes, degraded and not dead, and misses nothing', async () => {
  const app = await service.start();
  await service.tell(segmentEntry(1, 0));
  await service.caughtUp();
  await service.postgres.kill();
  await service.tell(...Array.from({ length: 40 }, (_, index) => segmentEntry(index + 2, 0)));
  await waitFor('degraded', async () => (await readiness(app)).status === 'degraded');
  const refused = await ask(app.url, '/api/v1/recordings');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await service.redis.xlen(stream)).toBe(40);
  await service.postgres.restart();
  await service.caughtUp();
  const { body } = await ask(app.url, '/api/v1/recordings?limit=500');
  expect(body.items).toHaveLength(41);
});

it('outlives the loss of a connection in the midst of a transaction', async () => {
  const app = await service.start();
  await service.tell(segmentEntry(1, 0));
  await service.caughtUp();
  const other = connectDatabase(service.databaseUrl, silentLogger);
  const isWaiting = async () =>
    (await sql`SELECT FROM pg_stat_activity WHERE wait_event = 'advisory'`.execute(other)).rows
      .length > 0;
  // Whoever writes waits for this one, so that a transaction is open when its connection is cut.
  await other.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(7365001)`.execute(trx);
    await service.tell(segmentEntry(2, 0));
    await waitFor('a transaction that waits', isWaiting);
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'advisory'`.execute(
      trx,
    );
  });
  await service.caughtUp();
  expect(await stateOf(app, 2)).toBe('collected');
  await other.destroy();
});

it('sets aside by name what it cannot read or the database refuses, and takes it back when it can', async () => {
  const bad = segmentEntry(3, 0, { agentId: 'x'.repeat(400) });
  const later = { ...rawFields(segmentEntry(4, 0)), v: '2' };
  const app = await service.start();
  await service.tell(
    segmentEntry(1, 0),
    bad,
    segmentEntry(2, 0, { agentId: 'agent\u0000with NUL' }),
  );
  await service.redis.xadd(stream, '*', ...Object.entries(later).flat());
  await service.redis.xadd(
    stream,
    '*',
    'v',
    '1',
    'k',
    'segment',
    'id',
    'broken',
    'd',
    '{"mediaId":',
  );
  await service.caughtUp();
  expect(await stateOf(app, 1)).toBe('collected');
  expect(await stateOf(app, 2)).toBe('collected');
  const aside = await service.redis.xrange(`${stream}:aside`, '-', '+');
  expect(aside.map(([, flat]) => flat.at(-1))).toEqual(
    expect.arrayContaining(['recordings_agent_check', 'version 2', 'not as this version says']),
  );
  const log = app.output();
  expect(log).toContain('recordings_agent_check');
  expect(log).not.toContain('xxxx');
  // The next release knows version 2.
  const [id = ''] = aside.find(([, flat]) => flat.at(-1) === 'version 2') ?? [];
  await service.redis.xdel(`${stream}:aside`, id);
  await service.redis.xadd(
    `${stream}:aside`,
    '*',
    ...Object.entries({ ...later, v: '1', rev: '5' }).flat(),
  );
  await app.kill('SIGTERM');
  const next = await service.start();
  await waitFor('what was set aside', async () => (await stateOf(next, 4)) === 'collected');
  expect(await service.redis.xlen(`${stream}:aside`)).toBe(2);
});

describe('the schema', () => {
  it('is not touched when it is of a later release: the ledger waits', async () => {
    const db = connectDatabase(service.databaseUrl, silentLogger);
    await migrate(db);
    await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('999-later', '2099')`.execute(
      db,
    );
    await expect(migrate(db)).rejects.toThrow(NewerSchema);
    const app = await service.start();
    await service.tell(segmentEntry(1, 0));
    await waitFor('degraded', async () => {
      const { checks } = await readiness(app);
      return checks.database?.reason === 'the database is of a later release of the ledger';
    });
    expect(await service.redis.xlen(stream)).toBe(1);
    await db.destroy();
  });

  it('that a later release has changed meanwhile is not written to any more, until it is as before', async () => {
    const app = await service.start();
    await service.tell(segmentEntry(1, 0));
    await service.caughtUp();
    const db = connectDatabase(service.databaseUrl, silentLogger);
    await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('999-later', '2099')`.execute(
      db,
    );
    const id = await service.tell(segmentEntry(2, 0));
    await waitFor('degraded', async () => {
      const { checks } = await readiness(app);
      return checks.database?.reason === 'the database is of a later release of the ledger';
    });
    expect([await stateOf(app, 1), await stateOf(app, 2)]).toEqual(['collected', 404]);
    const erasure = await ask(app.url, '/api/v1/interactions/unknown', {
      ...{ method: 'DELETE', body: JSON.stringify({ reason: 'asked for' }) },
      headers: { 'content-type': 'application/json' },
    });
    expect(erasure.status).toBe(503);
    // Whoever knows the later schema takes what this one had.
    expect(await service.redis.xrange(stream, '-', '+')).toMatchObject([
      [id[0], expect.anything()],
    ]);
    await sql`DELETE FROM kysely_migration WHERE name = '999-later'`.execute(db);
    await service.caughtUp();
    expect(await stateOf(app, 2)).toBe('collected');
    await db.destroy();
  });

  it('changes while nobody writes, and for as long as it takes', async () => {
    const db = connectDatabase(service.databaseUrl, silentLogger);
    await migrate(db);
    const seen: unknown[] = [];
    await migrate(db, {
      ...migrations,
      '999-later': {
        up: async (on) => {
          const { rows } =
            await sql`SELECT current_setting('statement_timeout') AS limit, count(*)::int AS held
              FROM pg_locks WHERE locktype = 'advisory' AND objid = 7365001 AND granted AND pid = pg_backend_pid()`.execute(
              on,
            );
          seen.push(...rows);
        },
      },
    });
    expect(seen).toEqual([{ limit: '0', held: 1 }]);
    await db.destroy();
  });

  it('is as before when a migration fails, and the next try mends it', async () => {
    const db = connectDatabase(service.databaseUrl, silentLogger);
    await migrate(db);
    let isBroken = true;
    const broken = {
      ...migrations,
      '999-broken': {
        up: async (on: Parameters<(typeof migrations)[string]['up']>[0]) => {
          await sql`ALTER TABLE recordings ADD COLUMN half_done text`.execute(on);
          if (isBroken) await sql`SELECT 1 / 0`.execute(on);
        },
      },
    };
    const keeper = new SchemaKeeper(db, silentLogger, {
      retryMs: 50,
      migrate: (on) => migrate(on, broken),
    });
    const kept = keeper.keep();
    await waitFor('degraded', async () => (await keeper.check()()) !== undefined);
    await new Promise((done) => setTimeout(done, 300));
    const { rows } =
      await sql`SELECT FROM information_schema.columns WHERE column_name = 'half_done'`.execute(db);
    expect(rows).toEqual([]);
    expect(keeper.isReady()).toBe(false);
    isBroken = false;
    await kept;
    expect(keeper.isReady()).toBe(true);
    await db.destroy();
  });
});
