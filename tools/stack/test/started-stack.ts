import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  bundledApp,
  bundledProgram,
  startProcess,
  workspaceRoot,
  type RunningProcess,
} from '@exrec/testing';

/** The stack and the folder of the services, built from their present source. */
export async function bundledStack(): Promise<{ readonly main: string; readonly appsDir: string }> {
  const [main, excp] = await Promise.all([
    bundledProgram('tools/stack'),
    ...(['excp', 'exrp', 'storage', 'ledger'] as const).map(bundledApp),
  ]);
  return { main, appsDir: dirname(dirname(excp ?? '')) };
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
  const runs = join(workspaceRoot(), '.run', 'test-stack');
  await mkdir(runs, { recursive: true });
  const runDir = await mkdtemp(join(runs, 'run-'));
  const running = await startProcess({
    args: [main, ...args],
    cwd: workspaceRoot(),
    env: {
      ...{ EXCP_PORT: '0', EXRP_PORT: '0', STORAGE_PORT: '0' },
      ...{ LEDGER_PORT: '0', SIMULATOR_PORT: '0' },
      ...{ STACK_APPS_DIR: appsDir, STACK_RUN_DIR: runDir },
      ...env,
    },
  });
  void running.ended.then(() => rm(runDir, { recursive: true, force: true, maxRetries: 10 }));
  const ports = () => {
    const lines = running.output().matchAll(/^ (\S+(?: simulator)?) +\w+:\/\/127\.0\.0\.1:(\d+)/gm);
    return new Map([...lines].map(([, name = '', port]) => [name, Number(port)]));
  };
  return { ...running, ports };
}
