import { runService } from '@exrec/service-kit';
import { credentialsRule, quotaBytes, settingNames } from './config.js';
import { createStorageApp } from './server.js';

/**
 * Node.js has four threads for all files, and each `fsync` keeps one for milliseconds: with more of them several uploads
 * wait for the disk in the same turn of its journal, and a read does not wait behind them. Where the environment says
 * nothing; it counts when the first thread is needed.
 */
process.env.UV_THREADPOOL_SIZE ??= '12';

void runService({
  name: 'storage',
  settingNames,
  rules: [credentialsRule],
  start: async ({ settings, logger, health, metrics, secrets }) => {
    const app = await createStorageApp({
      dir: settings.STORAGE_DIR,
      instance: `${settings.STORAGE_PORT}`,
      username: settings.STORAGE_USERNAME,
      password: settings.STORAGE_PASSWORD && (() => secrets.accepted('STORAGE_PASSWORD')),
      quotaBytes: quotaBytes(settings),
      logger,
      health,
      metrics,
    });
    return {
      ...app,
      host: settings.STORAGE_HOST,
      port: settings.STORAGE_PORT,
      // A slow upload is cut when it stands still, not when it takes long.
      requestTimeoutMs: 0,
      invitesBodies: true,
      stop: () => Promise.resolve(),
    };
  },
});
