import {
  basicAuth,
  createMetrics,
  createServiceApp,
  Health,
  silentLogger,
  type BasicCredentials,
  type Logger,
  type Metrics,
} from '@exrec/service-kit';
import type { Express } from 'express';
import { FileTree } from './files/file-tree.js';
import { davRoutes } from './http/dav-routes.js';
import { watchFolder } from './watch-folder.js';

export type StorageAppOptions = {
  /** The folder that holds the files; made when missing. One process at a time should use it: each counts its own quota. */
  readonly dir: string;
  /** What tells this process from another on the same folder: its port. */
  readonly instance: string;
  /** Basic credentials; without both, everybody may read and write. */
  readonly username?: string | undefined;
  readonly password?: BasicCredentials['password'] | undefined;
  /** Most the files may take together; no limit when left out. */
  readonly quotaBytes?: number | undefined;
  readonly logger?: Logger;
  readonly health?: Health;
  readonly metrics?: Metrics;
};

export type StorageApp = {
  readonly handler: Express;
  /** Removes what an earlier process left unfinished; to be called once the port is open. */
  begin(): Promise<void>;
};

/**
 * The WebDAV server as an Express app, ready to be given to a Node HTTP server whose
 * `requestTimeout` is 0: uploads may be slow.
 * @throws when the folder cannot be made or read
 */
export async function createStorageApp(options: StorageAppOptions): Promise<StorageApp> {
  const { username, password, logger = silentLogger } = options;
  const health = options.health ?? runningHealth();
  const metrics = options.metrics ?? createMetrics('storage');
  const tree = await FileTree.open(options);
  watchFolder(tree, health, metrics);
  const handler = createServiceApp({ logger, health, metrics }, (app) => {
    if (username !== undefined && password !== undefined)
      app.use(basicAuth({ username, password }));
    app.use(davRoutes(tree, logger));
  });
  return { handler, begin: () => tree.disk.removeLeftovers() };
}

function runningHealth(): Health {
  const health = new Health();
  health.enter('running');
  return health;
}
