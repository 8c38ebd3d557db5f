import { randomUUID } from 'node:crypto';
import {
  connectRedis,
  InstanceAnnouncement,
  createServiceApp,
  keyspace,
  openApiOf,
  outboxCheck,
  redisCheck,
  redisClock,
  routes,
  unavailable,
  type Check,
  type RunningService,
  type ServiceContext,
} from '@exrec/service-kit';
import type { ErrorRequestHandler } from 'express';
import { Neighbours } from './actions/neighbours.js';
import { RequeueJobs } from './actions/requeue-jobs.js';
import type { ledgerSettingNames } from './config.js';
import { Consumer } from './consume/consumer.js';
import { consumerMetrics } from './consume/consumer-metrics.js';
import { LedgerStream } from './consume/ledger-stream.js';
import { connectDatabase, isDatabaseAway, sqlState } from './database/connect.js';
import { NewerSchema } from './database/migrations.js';
import { SchemaKeeper } from './database/schema-keeper.js';
import { actionRoutes } from './http/action-routes.js';
import { forwardRoutes } from './http/forward-routes.js';
import { overviewRoutes } from './http/overview-routes.js';
import { Changes, type ChangeSubject } from './changes/changes.js';
import { FlowRates } from './changes/flow-rates.js';
import { consolePages } from './http/console-pages.js';
import { liveRoutes } from './http/live-routes.js';
import { listRoutes } from './http/list-routes.js';
import { proofRoutes } from './http/proof-routes.js';
import { sessionRoutes, withSession } from './http/session.js';
import { Cursors } from './search/cursor.js';
import { Search } from './search/search.js';
import { Upkeep } from './upkeep.js';

export type LedgerContext = ServiceContext<(typeof ledgerSettingNames)[number]>;

const dayMs = 24 * 3_600_000;
/** Larger batches are cheaper; with this one a batch is in the database within a few tenths of a second. */
const batchSize = 500;
/** A ledger that does not acknowledge for so long is taken for dead. */
const takeOverAfterMs = 30_000;

/** What a person looks at changes with these entries. */
const subjectsOf: Readonly<Record<string, readonly ChangeSubject[]>> = {
  segment: ['recordings', 'interactions'],
  injection: ['recordings', 'interactions'],
  interaction: ['interactions'],
  reconciliation: ['recordings'],
};

/** Builds the ledger from its settings: connections, the consumer and the HTTP app. */
export function startLedger(
  context: LedgerContext,
  { consoleDir }: { readonly consoleDir: string },
): RunningService {
  const { settings, logger, metrics, health, access } = context;
  const prefix = keyspace(settings);
  const redis = connectRedis({ settings, role: 'command', logger });
  // Its reads wait for entries, and nobody else shall wait for them.
  const readingRedis = connectRedis({ settings, role: 'command', logger });
  const clock = redisClock({ redis, prefix, logger, metrics });
  const db = connectDatabase(settings.LEDGER_DATABASE_URL ?? '', logger);
  const numberKey = settings.LEDGER_NUMBER_KEY ?? '';
  const schema = new SchemaKeeper(db, logger);
  const stream = new LedgerStream({
    redis: readingRedis,
    prefix,
    consumer: randomUUID(),
    batchSize,
  });
  const isReady = () => schema.isReady();
  const changes = new Changes(
    redis,
    connectRedis({ settings, role: 'worker', logger }),
    prefix,
    logger,
  );
  health.onDraining(() => changes.end());
  const announcement = new InstanceAnnouncement({
    ...{ redis, prefix, service: 'ledger', port: settings.LEDGER_PORT, health, now: clock.now },
  });
  const flow = new FlowRates(redis, prefix, clock.now);
  const consumer = new Consumer({
    db,
    stream,
    numbers: { key: numberKey, keepWhole: settings.LEDGER_KEEP_NUMBERS },
    metrics: consumerMetrics(metrics),
    logger,
    takeOverAfterMs,
    isReady,
    onNewerSchema: () => void schema.keep(),
    onCommitted: (kinds, steps) => {
      changes.changed([...kinds].flatMap((kind) => subjectsOf[kind] ?? []));
      flow.record(steps).catch((error: unknown) => logger.debug('flow.not-noted', { error }));
    },
  });
  const upkeep = new Upkeep({
    db,
    redis,
    prefix,
    stream: new LedgerStream({ redis, prefix, consumer: 'upkeep', batchSize }),
    keepMs: settings.LEDGER_KEEP_DAYS * dayMs,
    isReady,
    clock,
    logger,
    metrics,
  });
  const search = new Search({ db, numberKey, cursors: new Cursors(numberKey) });
  const neighbours = new Neighbours({ EXCP: settings.EXCP_URL, EXRP: settings.EXRP_URL });
  const jobs = new RequeueJobs({ db, neighbours, logger });

  health.addCheck('database', schema.check());
  health.addCheck('redis', atMostDegraded(redisCheck(redis, prefix)));
  health.addCheck('stream', outboxCheck(redis, prefix, clock.now));
  health.addCheck('clock', clock.check);

  const all = [
    ...sessionRoutes(access),
    ...listRoutes({ db, search, access }),
    ...proofRoutes({ db, access, now: clock.now }),
    ...actionRoutes({ db, search, access, jobs }),
    ...forwardRoutes({ db, access, neighbours }),
    ...overviewRoutes({ db, flow, changes, access, now: clock.now }),
    ...liveRoutes({ changes, redis, prefix, access, now: clock.now }),
  ];
  const openapi = openApiOf(
    {
      title: 'Ledger',
      version: '1',
      description: 'The memory of the fleet: finds any recording, and proves what became of all',
    },
    all,
  );
  const pages = consolePages(consoleDir);
  const handler = createServiceApp({ logger, health, metrics, openapi }, (app) => {
    if (pages !== undefined) app.use(pages);
    app.use(withSession);
    app.use(routes(all));
    app.use(databaseProblems);
  });
  return {
    handler,
    host: settings.LEDGER_HOST,
    port: settings.LEDGER_PORT,
    begin: () => {
      clock.start();
      void schema.keep();
      consumer.start();
      upkeep.start();
      announcement.start();
      return Promise.resolve();
    },
    stop: async () => {
      schema.stop();
      jobs.stop();
      await Promise.all([consumer.stop(), upkeep.stop(), announcement.stop()]);
      changes.stop();
      clock.stop();
      redis.disconnect();
      readingRedis.disconnect();
      await db.destroy();
    },
  };
}

/** What is in the database can be asked for while Redis is away. */
function atMostDegraded(check: Check): Check {
  return async () => {
    try {
      return await check();
    } catch (error) {
      return { degraded: error instanceof Error ? error.message : 'failed' };
    }
  };
}

/** SQLSTATE of a question that took too long, and of a table that is not there yet. */
const [tooLong, noTable] = ['57014', '42P01'];

const databaseProblems: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  const state = sqlState(error);
  if (error instanceof NewerSchema) next(unavailable(error.message));
  else if (state === tooLong) next(unavailable('the question took too long: narrow it'));
  else if (state === noTable || isDatabaseAway(error))
    next(unavailable('the database does not answer at the moment', 5));
  else next(error);
};
