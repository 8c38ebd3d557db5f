import {
  connectRedis,
  readSettings,
  redisSettingNames,
  silentLogger,
  type RedisClient,
} from '@exrec/service-kit';
import {
  startApp,
  startPostgres,
  startRedis,
  waitFor,
  type PostgresServer,
  type RedisServer,
  type StartedApp,
} from '@exrec/testing';
import { sql } from 'kysely';
import { connectDatabase } from '../src/database/connect.js';
import type { Entry } from '../src/rows/entry.js';
import { rawFields } from './sample-entries.js';

export const adminToken = 'token-of-an-admin';
export const numberKey = 'a key of sixteen letters or more';
const streamKey = '{exrec}:ledger';

export type LedgerService = {
  readonly redis: RedisClient;
  readonly redisServer: RedisServer;
  readonly postgres: PostgresServer;
  /** Of the ledgers' database. */
  readonly databaseUrl: string;
  /** Starts a ledger; several share the work. */
  start(env?: Readonly<Record<string, string>>): Promise<StartedApp>;
  /** Writes entries to the stream, as a script of EXCP or EXRP does; gives their stream ids. */
  tell(...entries: readonly Entry[]): Promise<string[]>;
  /** Resolves when nothing waits in the stream. */
  caughtUp(): Promise<void>;
  /** Ends all ledgers and begins anew: with nothing in Redis, and a database in which nothing ever was. */
  beginAnew(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Redis, PostgreSQL and as many ledgers as are started.
 * @param postgresUnder folder of PostgreSQL's data; default: where all tests have theirs
 */
export async function startLedgerService(postgresUnder?: string): Promise<LedgerService> {
  const [redisServer, postgres] = await Promise.all([startRedis(), startPostgres(postgresUnder)]);
  const settings = readSettings(redisSettingNames, { REDIS_URL: redisServer.url });
  const redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
  const started: StartedApp[] = [];
  const endAll = () => Promise.all(started.splice(0).map((app) => app.kill()));
  let databaseUrl = postgres.url;
  let databases = 0;
  return {
    redis,
    redisServer,
    postgres,
    get databaseUrl() {
      return databaseUrl;
    },
    start: async (env = {}) => {
      const app = await startApp('ledger', {
        REDIS_URL: redisServer.url,
        LEDGER_DATABASE_URL: databaseUrl,
        LEDGER_NUMBER_KEY: numberKey,
        ADMIN_TOKEN: adminToken,
        ...env,
      });
      started.push(app);
      return app;
    },
    tell: async (...entries) => {
      const ids: string[] = [];
      for (const entry of entries) {
        const id = await redis.xadd(streamKey, '*', ...Object.entries(rawFields(entry)).flat());
        ids.push(id ?? '');
      }
      return ids;
    },
    caughtUp: async () => {
      await waitFor('the ledger to catch up', async () => (await redis.xlen(streamKey)) === 0);
    },
    beginAnew: async () => {
      await endAll();
      await redis.flushall();
      const name = `ledger_${(databases += 1)}`;
      const server = connectDatabase(postgres.url, silentLogger);
      await sql`CREATE DATABASE ${sql.id(name)}`.execute(server);
      await server.destroy();
      databaseUrl = new URL(name, postgres.url).href;
    },
    stop: async () => {
      await endAll();
      redis.disconnect();
      await Promise.all([redisServer.stop(), postgres.stop()]);
    },
  };
}

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // A test looks into whatever it is.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
};

export async function ask(
  url: string,
  path: string,
  { token = adminToken, ...init }: RequestInit & { readonly token?: string } = {},
): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (token !== '') headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(new URL(path, url), { ...init, headers });
  const text = await response.text();
  const isJson =
    response.headers.get('content-type')?.includes('json') === true && !path.includes('export');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

/** The items of a list. */
export function itemsOf(answer: Answer): readonly Readonly<Record<string, unknown>>[] {
  return answer.body.items as readonly Readonly<Record<string, unknown>>[];
}
