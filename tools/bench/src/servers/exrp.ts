import { join } from 'node:path';
import type { BenchContext } from '../bench.js';
import type { GenesysCloud } from './genesys-cloud.js';
import { startProgram, type Program } from './program.js';
import { storageCredentials } from './storage.js';

export const injectionToken = 'bench-injection-token';

export type ExrpSurroundings = {
  readonly redisUrl: string;
  readonly gc: GenesysCloud;
  readonly storageUrl: string;
};

/** One EXRP with its default settings, but for where everything is. */
export function startExrp(
  context: BenchContext,
  { redisUrl, gc, storageUrl }: ExrpSurroundings,
  settings: Readonly<Record<string, string>> = {},
): Promise<Program> {
  return startProgram(context, {
    bundle: 'apps/exrp',
    env: (port) => ({
      EXRP_HOST: '127.0.0.1',
      EXRP_PORT: `${port}`,
      REDIS_URL: redisUrl,
      GC_API_URL: gc.program.url,
      GC_LOGIN_URL: gc.program.url,
      GC_CLIENT_ID: gc.clientId,
      GC_CLIENT_SECRET: gc.clientSecret,
      GC_REQUESTS_PER_MINUTE: '1000000',
      WEBDAV_URL: `${storageUrl}/`,
      WEBDAV_USERNAME: storageCredentials.username,
      WEBDAV_PASSWORD: storageCredentials.password,
      EXRP_API_TOKEN: injectionToken,
      EXRP_SPOOL_DIR: join(context.dir, 'spool'),
      EXRP_UPLOAD_HOSTS: '127.0.0.1',
      EXRP_ALLOW_INSECURE_UPLOAD: 'true',
      ...settings,
    }),
    readyPath: '/health/ready',
  });
}
