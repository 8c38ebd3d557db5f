import { join } from 'node:path';
import type { Environment } from '@exrec/service-kit';
import { urlOf, type Address, type StackSettings } from './stack-settings.js';

/** Where everything of one run is, once ports are chosen. */
export type Places = {
  readonly redisUrl?: string;
  readonly storage: Address;
  /** Missing where there is no PostgreSQL; the URL is missing where the operator's is used. */
  readonly ledger?: Address & { readonly databaseUrl?: string };
  readonly exrp: Address;
  readonly excps: readonly [Address, ...Address[]];
  readonly simulator?: {
    readonly url: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  /** The `hybrid_integration` file of the sample calls. */
  readonly hybridIntegrationFile: string;
};

type Variables = Readonly<Record<string, string | undefined>>;

/** Quick enough for somebody who watches; the operator's own values win. */
const quickDefaults = {
  EXCP_QUIET_PERIOD_SECONDS: '3',
  EXCP_SETTLE_SECONDS: '1',
  // No load balancer has to notice.
  EXREC_DRAIN_SECONDS: '0.1',
} as const;
/** A real organization is not asked for a report every two seconds. */
const quickWithSimulator = { EXRP_REPORT_INTERVAL_MINUTES: '0.03' } as const;

/**
 * The environment of each service: the operator's, with what this run decides.
 * Everything talks plain http on one machine and MCP is played, so settings that say otherwise are left out.
 */
export function serviceEnvironments(settings: StackSettings, places: Places) {
  const common = commonVariables(settings, places);
  const { credentials, runDir, environment } = settings;
  const { mcp, storage, eventsToken } = credentials;
  const forService = (own: Variables) => overlaid(environment, { ...common, ...own });
  return {
    storage: forService({
      STORAGE_HOST: places.storage.host,
      STORAGE_PORT: `${places.storage.port}`,
      STORAGE_DIR: environment.STORAGE_DIR ?? join(runDir, 'storage'),
    }),
    exrp: forService({
      EXRP_HOST: places.exrp.host,
      EXRP_PORT: `${places.exrp.port}`,
      EXRP_SPOOL_DIR: environment.EXRP_SPOOL_DIR ?? join(runDir, 'spool'),
      WEBDAV_URL: `${urlOf(places.storage)}/`,
      WEBDAV_USERNAME: storage.username,
      WEBDAV_PASSWORD: storage.password,
    }),
    ledger: forService({
      LEDGER_HOST: places.ledger?.host,
      LEDGER_PORT: places.ledger === undefined ? undefined : `${places.ledger.port}`,
      LEDGER_NUMBER_KEY: credentials.numberKey,
      EXCP_URL: urlOf(places.excps[0]),
      EXRP_URL: urlOf(places.exrp),
      ...(places.ledger?.databaseUrl === undefined
        ? {}
        : { LEDGER_DATABASE_URL: places.ledger.databaseUrl }),
    }),
    excps: places.excps.map(({ host, port }) =>
      forService({
        EXCP_HOST: host,
        EXCP_PORT: `${port}`,
        EXCP_METADATA_SOURCE: 'mcp',
        EXCP_MCP_USERNAME: mcp.username,
        EXCP_MCP_PASSWORD: mcp.password,
        EXCP_EVENTS_TOKEN: eventsToken,
        HYBRID_INTEGRATION_FILE:
          environment.HYBRID_INTEGRATION_FILE ?? places.hybridIntegrationFile,
        EXRP_URL: urlOf(places.exrp),
      }),
    ),
  };
}

function commonVariables(
  settings: StackSettings,
  { redisUrl, simulator, ledger }: Places,
): Variables {
  const { environment, credentials, keyPrefix } = settings;
  const defaults = { ...quickDefaults, ...(simulator === undefined ? {} : quickWithSimulator) };
  const quick = Object.entries(defaults).filter(
    ([name]) => environment[name] === undefined && environment[`${name}_FILE`] === undefined,
  );
  return {
    ...Object.fromEntries(quick),
    REDIS_KEY_PREFIX: keyPrefix,
    EXREC_LEDGER: ledger === undefined ? 'off' : 'on',
    ADMIN_TOKEN: credentials.adminToken,
    EXRP_API_TOKEN: credentials.injectionToken,
    STORAGE_USERNAME: credentials.storage.username,
    STORAGE_PASSWORD: credentials.storage.password,
    TLS_CERT_FILE: undefined,
    TLS_KEY_FILE: undefined,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    ...(simulator === undefined ? {} : simulatedOrganization(simulator)),
  };
}

function simulatedOrganization(simulator: NonNullable<Places['simulator']>): Variables {
  return {
    GC_REGION: undefined,
    GC_API_URL: simulator.url,
    GC_LOGIN_URL: simulator.url,
    GC_CLIENT_ID: simulator.clientId,
    GC_CLIENT_SECRET: simulator.clientSecret,
    // It answers as fast as it is asked.
    GC_REQUESTS_PER_MINUTE: '100000',
    EXRP_ALLOW_INSECURE_UPLOAD: 'true',
    EXRP_UPLOAD_HOSTS: '127.0.0.1',
  };
}

/** `variables` win over the environment, also over a value that it gives as `<NAME>_FILE`. */
function overlaid(environment: Environment, variables: Variables): Variables {
  const merged: Record<string, string | undefined> = { ...environment };
  for (const [name, value] of Object.entries(variables)) {
    merged[name] = value ?? '';
    merged[`${name}_FILE`] = '';
  }
  return merged;
}
