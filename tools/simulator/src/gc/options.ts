import type { OauthClient } from './access/clients.js';
import type { KeyForm } from './keys/held-key.js';
import type { GcConfiguration } from './organization/configuration.js';
import { defaultGcConfiguration } from './organization/default-configuration.js';

export type GcSimulatorOptions = {
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Origin under which others reach it, where that is not its port on 127.0.0.1. */
  readonly url?: string;
  /** The first is the one that `clientId` and `clientSecret` name. */
  readonly clients?: readonly OauthClient[];
  /** Lifetime of a token. Default one day. */
  readonly tokenSeconds?: number;
  /** Of each client. The default is far above GC's 300, so that only tests of the limit meet it. */
  readonly requestsPerMinute?: number;
  readonly keyForm?: KeyForm;
  /** Keys that were in force before the present one. Default 1. */
  readonly olderKeys?: number;
  readonly configuration?: GcConfiguration;
  /** Open and check every ZIP. Default true; false for benchmarks. */
  readonly verify?: boolean;
  /** ZIPs opened at the same time. Default 1. */
  readonly verifyConcurrency?: number;
  /** Keep what was uploaded. Default true; false drops each body once it is checked, and implies `verify: false`. */
  readonly keepObjects?: boolean;
  /** Largest object S3 takes. Default 5 GB. */
  readonly maxObjectBytes?: number;
  /** Uploads wait in the report until their conversation was injected. Default false. */
  readonly requireConversation?: boolean;
  /** Where uploads are kept. Default: a temporary directory, removed at the end. */
  readonly dataDir?: string;
  /** Origin of the S3 side in signed URLs, e.g. a proxy in between. Default: the simulator's own. */
  readonly s3Origin?: string;
};

/** The client of `node main.js` and of every test that names none. */
export const defaultClient: OauthClient = {
  id: '5f0c7a3e-1b2d-4c4e-9f60-718293a4b5c6',
  secret: 'simulator-client-secret',
};

export type CompleteOptions = Required<Omit<GcSimulatorOptions, 'dataDir' | 's3Origin' | 'url'>> &
  Pick<GcSimulatorOptions, 'dataDir' | 's3Origin' | 'url'>;

export function completeOptions(options: GcSimulatorOptions): CompleteOptions {
  const keepObjects = options.keepObjects ?? true;
  return {
    port: 0,
    host: '127.0.0.1',
    clients: [defaultClient],
    tokenSeconds: 86_400,
    requestsPerMinute: 1_000_000,
    keyForm: 'openpgp-armored',
    olderKeys: 1,
    configuration: defaultGcConfiguration,
    verifyConcurrency: 1,
    maxObjectBytes: 5_000_000_000,
    requireConversation: false,
    ...options,
    keepObjects,
    verify: keepObjects && (options.verify ?? true),
  };
}
