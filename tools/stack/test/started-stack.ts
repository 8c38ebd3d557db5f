import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bundledApp, startProcess, workspaceRoot, type RunningProcess } from '@exrec/testing';

const run = promisify(execFile);

/** A folder with the stack and the services, built from their present source. */
export async function bundledStack(): Promise<{ readonly main: string; readonly appsDir: string }> {
  const [excp] = await Promise.all((['excp', 'exrp', 'storage'] as const).map(bundledApp));
  const appsDir = dirname(dirname(excp ?? ''));
  const folder = join(appsDir, 'stack');
  await run(process.execPath, [join(workspaceRoot(), 'scripts', 'build-app.mjs')], {
    cwd: join(workspaceRoot(), 'tools', 'stack'),
    env: { ...process.env, EXREC_BUNDLE_DIR: folder },
  });
  return { main: join(folder, 'main.js'), appsDir };
}

export type StackRun = RunningProcess & {
  /** Ports by the name of what listens there, as far as it was printed. */
  ports(): ReadonlyMap<string, number>;
};

/** Runs the stack as `npm start` does, on free ports and in a folder of its own. */
export async function startStackProcess(
  { main, appsDir }: { readonly main: string; readonly appsDir: string },
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<StackRun> {
  const runDir = await mkdtemp(join(appsDir, 'run-'));
  const running = await startProcess({
    args: ['--enable-source-maps', main, ...args],
    cwd: workspaceRoot(),
    env: {
      ...{ EXCP_PORT: '0', EXRP_PORT: '0', STORAGE_PORT: '0', SIMULATOR_PORT: '0' },
      ...{ STACK_APPS_DIR: appsDir, STACK_RUN_DIR: runDir },
      ...env,
    },
  });
  void running.ended.then(() => rm(runDir, { recursive: true, force: true }));
  const ports = () => {
    const lines = running.output().matchAll(/^ (\S+(?: simulator)?) +\w+:\/\/127\.0\.0\.1:(\d+)/gm);
    return new Map([...lines].map(([, name = '', port]) => [name, Number(port)]));
  };
  return { ...running, ports };
}
