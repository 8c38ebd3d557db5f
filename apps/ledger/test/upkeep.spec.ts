import {
  connectRedis,
  createMetrics,
  readSettings,
  redisSettingNames,
  silentLogger,
  type RedisClient,
} from '@exrec/service-kit';
import { startRedis, waitFor, type RedisServer } from '@exrec/testing';
import { sql } from 'kysely';
import { LedgerStream } from '../src/consume/ledger-stream.js';
import { ensurePartitions } from '../src/database/partitions.js';
import { Upkeep } from '../src/upkeep.js';
import { startLedgerDatabase, type LedgerDatabase } from './ledger-database.js';

const dayMs = 86_400_000;

let database: LedgerDatabase;
let server: RedisServer;
let redis: RedisClient;
beforeAll(async () => {
  [database, server] = await Promise.all([startLedgerDatabase(), startRedis()]);
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  redis = connectRedis({ settings, role: 'command', logger: silentLogger });
  await waitFor('the connection', () => redis.status === 'ready');
});
afterAll(async () => {
  redis.disconnect();
  await Promise.all([database.stop(), server.stop()]);
});

/** One turn of what is done every now and then. */
async function turn(isTrusted: boolean): Promise<void> {
  const upkeep = new Upkeep({
    ...{ db: database.db, redis, prefix: '{exrec}', keepMs: 400 * dayMs, isReady: () => true },
    stream: new LedgerStream({ redis, prefix: '{exrec}', consumer: 'upkeep', batchSize: 10 }),
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
