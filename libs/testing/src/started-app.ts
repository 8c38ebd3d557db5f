import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { startProcess, type RunningProcess } from './process-runner.js';
import { waitFor } from './wait-for.js';
import { workspaceRoot } from './workspace-root.js';

const run = promisify(execFile);

export type AppName = 'excp' | 'exrp' | 'storage' | 'ledger';

export type StartedApp = RunningProcess & {
  /** Origin of the app, `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
};

const bundles = new Map<string, Promise<string>>();

/** {@link bundledProgram} of an app. */
export function bundledApp(name: AppName): Promise<string> {
  return bundledProgram(`apps/${name}`);
}

/**
 * Bundles an app or a tool from its present source, once per test process, and gives the file to run. Whoever has just
 * built everything saves that work: with the folder of the built apps (`dist/apps`) in the environment variable
 * `EXREC_TEST_BUNDLES` it is the built file, of a tool that in `tools` beside it.
 * @param program its folder in the workspace, e.g. `tools/stack`
 */
export function bundledProgram(program: string): Promise<string> {
  const built = process.env.EXREC_TEST_BUNDLES;
  if (built !== undefined && built !== '')
    return Promise.resolve(join(built, '..', program, 'main.js'));
  const known = bundles.get(program) ?? bundle(program);
  bundles.set(program, known);
  return known;
}

/**
 * Runs an app as its own process on a free port of 127.0.0.1, as an operator would. A service on Redis is given
 * back when it has found its Redis: before that it rightly answers 503.
 * @param env its settings; host and port are set here
 * @param port the port of an earlier run, to take its place
 * @param builtApps a folder of built apps, e.g. of a release before
 */
export async function startApp(
  name: AppName,
  env: Readonly<Record<string, string>>,
  port?: number,
  builtApps?: string,
): Promise<StartedApp> {
  const file = builtApps === undefined ? await bundledApp(name) : join(builtApps, name, 'main.js');
  const chosen = port ?? (await freePort());
  const prefix = name.toUpperCase();
  const url = `http://127.0.0.1:${chosen}`;
  const running = await startProcess({
    args: [file],
    env: {
      LOG_FORMAT: 'json',
      // No load balancer has to notice.
      EXREC_DRAIN_SECONDS: '0.1',
      [`${prefix}_HOST`]: '127.0.0.1',
      [`${prefix}_PORT`]: `${chosen}`,
      ...env,
    },
    readyUrl: `${url}/health/live`,
  });
  // One that is to die at some step may do that at any moment.
  const isDoomed = (env.EXREC_CRASH_POINT ?? '') !== '';
  if (env.REDIS_URL !== undefined && !isDoomed) await untilRedisIsFound(name, running, url);
  return { ...running, url, port: chosen };
}

async function untilRedisIsFound(name: AppName, running: RunningProcess, url: string) {
  await waitFor(`${name} to find Redis`, async () => {
    if (running.exitCode() !== undefined) return true;
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    const readiness = await answer?.text().catch(() => '');
    return readiness?.includes('"redis":{"status":"up"') === true;
  });
}

async function bundle(program: string): Promise<string> {
  const root = workspaceRoot();
  // Inside the workspace, so that the bundle finds node_modules; its own folder, since test processes run side by side.
  const folder = join(root, '.run', 'test-apps', `${process.pid}`, program);
  await run(process.execPath, [join(root, 'scripts', 'build-app.mjs')], {
    cwd: join(root, program),
    env: { ...process.env, EXREC_BUNDLE_DIR: folder },
  });
  return join(folder, 'main.js');
}
