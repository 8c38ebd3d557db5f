import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { bundledProgram } from '@exrec/testing';

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };
export type RunOptions = {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What comes in by stdin. */
  readonly input?: string | Buffer;
  readonly cwd?: string;
};

/** The command line as its user starts it: with nothing of this environment but the path. */
export async function runExrec(
  args: readonly string[],
  { env = {}, input = '', cwd }: RunOptions = {},
): Promise<Ended> {
  const file = await bundledProgram('apps/exrec');
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: 'pipe',
    ...(cwd === undefined ? {} : { cwd }),
  });
  child.stdin.once('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? -1));
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
