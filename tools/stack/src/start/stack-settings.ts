import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readSettings, SettingsError, type Environment } from '@exrec/service-kit';
import * as z from 'zod';

/** Who may talk to whom. What the environment does not give is drawn for this run. */
export type Credentials = {
  readonly injectionToken: string;
  readonly adminToken: string;
  readonly eventsToken: string;
  readonly numberKey: string;
  readonly mcp: { readonly username: string; readonly password: string };
  readonly storage: { readonly username: string; readonly password: string };
};

export type Address = { readonly host: string; readonly port: number };

/** What `npm start` itself has to know; the rest of the environment goes to the services as it is. */
export type StackSettings = {
  readonly environment: Environment;
  readonly addresses: {
    readonly excp: Address;
    readonly exrp: Address;
    readonly storage: Address;
    readonly ledger: Address;
    readonly simulator: Address;
  };
  readonly credentials: Credentials;
  /** The operator's Redis is used, none is started. */
  readonly hasRedis: boolean;
  /** The operator's PostgreSQL is used, none is started. */
  readonly hasDatabase: boolean;
  /** The operator's Genesys Cloud organization is used, not the simulator. */
  readonly hasOrganization: boolean;
  /** First part of this run's Redis keys. */
  readonly keyPrefix: string;
  /** The prefix was made for this run, so that its keys may be removed at the end. */
  readonly isKeyPrefixOurs: boolean;
  /** Everything that is written goes below it. */
  readonly runDir: string;
  /** Folder of the built services, `<service>/main.js`. */
  readonly appsDir: string;
};

const names = [
  'REDIS_KEY_PREFIX',
  'EXCP_HOST',
  'EXCP_PORT',
  'EXCP_MCP_USERNAME',
  'EXCP_MCP_PASSWORD',
  'EXCP_EVENTS_TOKEN',
  'EXRP_HOST',
  'EXRP_PORT',
  'EXRP_API_TOKEN',
  'ADMIN_TOKEN',
  'LEDGER_HOST',
  'LEDGER_PORT',
  'LEDGER_NUMBER_KEY',
  'STORAGE_HOST',
  'STORAGE_PORT',
  'STORAGE_USERNAME',
  'STORAGE_PASSWORD',
] as const;

/** Settings of this tool alone. */
const ownSchema = z.object({
  SIMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(3690),
  STACK_RUN_DIR: z.string().min(1).optional(),
  STACK_APPS_DIR: z.string().min(1).optional(),
});

const loopback = '127.0.0.1';

/**
 * Reads what the environment says about the stack.
 * @param root the workspace
 * @throws SettingsError with every faulty setting
 */
export function readStackSettings(environment: Environment, root: string): StackSettings {
  const read = readSettings(names, environment);
  const own = readOwn(environment);
  const isGiven = (name: string) => Boolean(environment[name] ?? environment[`${name}_FILE`]);
  // The services listen everywhere by default; a try on one machine is nobody else's business.
  const address = (service: 'EXCP' | 'EXRP' | 'STORAGE' | 'LEDGER'): Address => ({
    host: isGiven(`${service}_HOST`) ? read[`${service}_HOST`] : loopback,
    port: read[`${service}_PORT`],
  });
  return {
    environment,
    addresses: {
      excp: address('EXCP'),
      exrp: address('EXRP'),
      storage: address('STORAGE'),
      ledger: address('LEDGER'),
      simulator: { host: loopback, port: own.SIMULATOR_PORT },
    },
    credentials: {
      injectionToken: read.EXRP_API_TOKEN ?? token(),
      adminToken: read.ADMIN_TOKEN ?? token(),
      eventsToken: read.EXCP_EVENTS_TOKEN ?? token(),
      numberKey: read.LEDGER_NUMBER_KEY ?? token(),
      mcp: {
        username: read.EXCP_MCP_USERNAME ?? 'mcp',
        password: read.EXCP_MCP_PASSWORD ?? token(),
      },
      storage: {
        username: read.STORAGE_USERNAME ?? 'storage',
        password: read.STORAGE_PASSWORD ?? token(),
      },
    },
    hasRedis: ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'].some(isGiven),
    hasDatabase: isGiven('LEDGER_DATABASE_URL'),
    hasOrganization: ['GC_CLIENT_ID', 'GC_CLIENTS_FILE'].some(isGiven),
    keyPrefix: isGiven('REDIS_KEY_PREFIX') ? read.REDIS_KEY_PREFIX : runPrefix(),
    isKeyPrefixOurs: !isGiven('REDIS_KEY_PREFIX'),
    runDir: own.STACK_RUN_DIR ?? join(root, '.run'),
    appsDir: own.STACK_APPS_DIR ?? join(root, 'dist', 'apps'),
  };
}

function readOwn(environment: Environment): z.infer<typeof ownSchema> {
  const parsed = ownSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new SettingsError(
    parsed.error.issues.map(({ path, message }) => ({ name: path.join('.'), problem: message })),
  );
}

/** Where to reach something that listens on this address. */
export function urlOf({ host, port }: Address): string {
  const reachable = ['0.0.0.0', '::'].includes(host) ? loopback : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function token(): string {
  return randomBytes(24).toString('base64url');
}

function runPrefix(): string {
  return `exrec-try-${randomBytes(4).toString('hex')}`;
}
