import {
  keyspace,
  type Secrets,
  type Logger,
  type Metrics,
  type RedisClient,
} from '@exrec/service-kit';
import { redisRateBudget } from '../budget/rate-budgets.js';
import { createGcApi, type GcApi, type GcStanding } from '../gc-api.js';
import { gcHosts } from '../hosts/gc-hosts.js';
import { watchClock } from './clock-watch.js';
import { gcClients, type GcClientSettings } from './gc-clients.js';

export type GcSettings = GcClientSettings & {
  readonly REDIS_KEY_PREFIX: string;
  readonly GC_REGION: string | undefined;
  readonly GC_API_URL: string | undefined;
  readonly GC_LOGIN_URL: string | undefined;
  readonly GC_REQUESTS_PER_MINUTE: number;
  readonly HTTPS_PROXY: string | undefined;
  readonly NO_PROXY: string | undefined;
};

export type ConnectGcOptions = {
  readonly settings: GcSettings;
  /** A `command` connection, for the fleet's request budget. */
  readonly redis: RedisClient;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where `GC_CLIENT_SECRET` may change. */
  readonly secrets: Pick<Secrets, 'current'>;
};

/** The GC client as the settings of a service describe it, counted and measured. */
export function connectGc(options: ConnectGcOptions): GcApi & GcStanding {
  const { settings, redis, logger, metrics, secrets } = options;
  const { HTTPS_PROXY, NO_PROXY } = settings;
  const seconds = metrics.histogram({
    name: 'exrec_gc_request_seconds',
    help: 'time of a request to Genesys Cloud; status 0 when no answer came',
    labelNames: ['endpoint', 'status'],
  });
  const refused = metrics.counter(
    'exrec_gc_client_refused_total',
    'times Genesys Cloud refused an OAuth client',
  );
  const seeClock = watchClock({ logger, metrics });
  const budget = redisRateBudget({
    redis,
    keyspace: keyspace(settings),
    requestsPerMinute: settings.GC_REQUESTS_PER_MINUTE,
  });
  return createGcApi({
    hosts: gcHosts({
      region: settings.GC_REGION,
      apiUrl: settings.GC_API_URL,
      loginUrl: settings.GC_LOGIN_URL,
    }),
    clients: gcClients(settings, () => secrets.current('GC_CLIENT_SECRET')),
    budget,
    logger,
    proxyEnv: { HTTPS_PROXY, NO_PROXY },
    onCall: ({ endpoint, status, durationMs, clockAheadMs }) => {
      seconds.observe({ endpoint, status }, durationMs / 1000);
      if (clockAheadMs !== undefined) seeClock(clockAheadMs);
    },
    onClientRefused: () => refused.inc(),
  });
}
