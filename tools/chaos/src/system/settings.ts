import type { GcSimulator } from '@exrec/simulator';

/** Secrets of a run: none of them may be found where it does not belong. */
export const secrets = {
  mcpPassword: 'planted-mcp-password',
  eventsToken: 'planted-events-token',
  injectionToken: 'planted-injection-token',
  adminToken: 'planted-admin-token',
  storagePassword: 'planted-storage-password',
  numberKey: 'planted-number-key-of-thirty-two-characters',
} as const;

export const mcpUsername = 'mcp';
export const storageUsername = 'storage';

/** Settings of every service that speaks to Redis. */
export function sharedSettings(
  gc: Pick<GcSimulator, 'clientId' | 'clientSecret'>,
  gcUrl: string,
): Record<string, string> {
  return {
    LOG_FORMAT: 'json',
    EXREC_LEDGER: 'on',
    EXREC_DRAIN_SECONDS: '2.5',
    ADMIN_TOKEN: secrets.adminToken,
    EXRP_API_TOKEN: secrets.injectionToken,
    GC_API_URL: gcUrl,
    GC_LOGIN_URL: gcUrl,
    GC_CLIENT_ID: gc.clientId,
    GC_CLIENT_SECRET: gc.clientSecret,
    // The simulator answers as fast as it is asked.
    GC_REQUESTS_PER_MINUTE: '100000',
    REDIS_REPLICA_GRACE_SECONDS: '5',
  };
}

/**
 * A call that takes minutes is played in seconds, but an outage takes as long as it takes: what would be early at a site
 * may here come after the events of the end, and metadata before the first event of their call. So the end is waited for
 * longer than any outage of a run; calls without any events are ended when all of them were played.
 */
export const excpSettings = {
  EXCP_MCP_USERNAME: mcpUsername,
  EXCP_MCP_PASSWORD: secrets.mcpPassword,
  EXCP_EVENTS_TOKEN: secrets.eventsToken,
  EXCP_QUIET_PERIOD_SECONDS: '900',
  EXCP_SETTLE_SECONDS: '3',
} as const;

export const exrpSettings = {
  WEBDAV_USERNAME: storageUsername,
  WEBDAV_PASSWORD: secrets.storagePassword,
  EXRP_UPLOAD_HOSTS: '127.0.0.1',
  EXRP_ALLOW_INSECURE_UPLOAD: 'true',
  EXRP_REPORT_INTERVAL_MINUTES: '0.05',
  GC_KEY_REFRESH_SECONDS: '5',
} as const;

export const storageSettings = {
  STORAGE_USERNAME: storageUsername,
  STORAGE_PASSWORD: secrets.storagePassword,
} as const;

export const ledgerSettings = { LEDGER_NUMBER_KEY: secrets.numberKey } as const;
