import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { freePort, startProcess, type RunningProcess } from '@exrec/testing';
import type { BenchContext } from '../bench.js';

export type Program = RunningProcess & { readonly url: string; readonly port: number };

export type ProgramOptions = {
  /** Place of its bundle below the folder of bundles: `apps/exrp`. */
  readonly bundle: string;
  readonly args?: readonly string[];
  readonly env: (port: number) => Readonly<Record<string, string>>;
  /** Path that answers 2xx when it can be used. */
  readonly readyPath: string;
};

/** Runs a built program as its own process on a free port, as an operator would; ended with the bench. */
export async function startProgram(
  context: BenchContext,
  { bundle, args = [], env, readyPath }: ProgramOptions,
): Promise<Program> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = await startProcess({
    args: [...profileArguments(context, bundle), bundlePath(context, bundle), ...args],
    env: { LOG_FORMAT: 'json', ...env(port) },
    readyUrl: `${url}${readyPath}`,
  });
  // A profile is written by a process that ends by itself.
  context.cleanUp(() =>
    running.kill(context.options.profileDir === undefined ? 'SIGKILL' : 'SIGTERM'),
  );
  return { ...running, url, port };
}

/** @throws when it was not built */
export function bundlePath({ options, root }: BenchContext, bundle: string): string {
  const path = resolve(root, options.bundleDir ?? 'dist', bundle, 'main.js');
  if (!existsSync(path)) throw new Error(`${path} is missing: npm run build`);
  return path;
}

function profileArguments({ options, root }: BenchContext, bundle: string): string[] {
  if (options.profileDir === undefined) return [];
  const name = bundle.replaceAll('/', '-');
  return ['--cpu-prof', '--cpu-prof-dir', resolve(root, options.profileDir, name)];
}
