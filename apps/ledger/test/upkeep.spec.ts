import { createMetrics, silentLogger } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { sql } from 'kysely';
import { LedgerStream } from '../src/consume/ledger-stream.js';
import { ensurePartitions } from '../src/database/partitions.js';
import { Upkeep } from '../src/upkeep.js';
import { startLedgerDatabase, type LedgerDatabase } from './ledger-database.js';

const dayMs = 86_400_000;

const redis = ownRedis();
let database: LedgerDatabase;
beforeAll(async () => {
  database = await startLedgerDatabase();
});
afterAll(() => database.stop());

/** One turn of what is done every now and then. */
async function turn(isTrusted: boolean): Promise<void> {
  const place = { redis: redis(), prefix: '{exrec}' };
  const upkeep = new Upkeep({
    ...{ ...place, db: database.db, keepMs: 400 * dayMs, isReady: () => true },
    stream: new LedgerStream({ ...place, consumer: 'upkeep', batchSize: 10 }),
    clock: { now: Date.now, isTrusted: () => isTrusted },
    ...{ logger: silentLogger, metrics: createMetrics('ledger') },
  });
  upkeep.start();
  await upkeep.stop();
}

async function hasOldMonth(): Promise<boolean> {
  const { rows } = await sql<{ name: string | null }>`
    SELECT to_regclass('recordings_2020_01')::text AS name`.execute(database.db);
  return rows[0]?.name !== null;
}

it('drops no month while the clock of this machine is not that of Redis', async () => {
  const months = new Set(['2020-01']);
  await database.db.transaction().execute((trx) => ensurePartitions(trx, 'recordings', months));
  await turn(false);
  expect(await hasOldMonth()).toBe(true);
  await turn(true);
  expect(await hasOldMonth()).toBe(false);
});
