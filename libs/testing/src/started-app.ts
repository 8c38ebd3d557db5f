import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { startProcess, type RunningProcess } from './process-runner.js';
import { workspaceRoot } from './workspace-root.js';

const run = promisify(execFile);

export type AppName = 'excp' | 'exrp' | 'storage';

export type StartedApp = RunningProcess & {
  /** Origin of the app, `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
};

const bundles = new Map<AppName, Promise<string>>();

/** Bundles an app from its present source, once per test process, and gives the file to run. */
export function bundledApp(name: AppName): Promise<string> {
  const known = bundles.get(name) ?? bundle(name);
  bundles.set(name, known);
  return known;
}

/**
 * Runs an app as its own process on a free port of 127.0.0.1, as an operator would.
 * @param env its settings; host and port are set here
 * @param port the port of an earlier run, to take its place
 */
export async function startApp(
  name: AppName,
  env: Readonly<Record<string, string>>,
  port?: number,
): Promise<StartedApp> {
  const file = await bundledApp(name);
  const chosen = port ?? (await freePort());
  const prefix = name.toUpperCase();
  const url = `http://127.0.0.1:${chosen}`;
  const running = await startProcess({
    args: ['--enable-source-maps', file],
    env: {
      LOG_FORMAT: 'json',
      [`${prefix}_HOST`]: '127.0.0.1',
      [`${prefix}_PORT`]: `${chosen}`,
      ...env,
    },
    readyUrl: `${url}/health/live`,
  });
  return { ...running, url, port: chosen };
}

async function bundle(name: AppName): Promise<string> {
  const root = workspaceRoot();
  // Inside the workspace, so that the bundle finds node_modules; its own folder, since test processes run side by side.
  const folder = join(root, '.run', 'test-apps', `${process.pid}`, name);
  await run(process.execPath, [join(root, 'scripts', 'build-app.mjs')], {
    cwd: join(root, 'apps', name),
    env: { ...process.env, EXREC_BUNDLE_DIR: folder },
  });
  return join(folder, 'main.js');
}
