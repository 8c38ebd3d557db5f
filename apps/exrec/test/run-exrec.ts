import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { bundledProgram } from '@exrec/testing';
import type { Terminal } from '../src/output/terminal.js';
import { runExrec as runCommand } from '../src/program.js';

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };
export type RunOptions = {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What comes in by stdin. */
  readonly input?: string | Buffer;
};

/** The command line as its user starts it: with nothing of this environment but the path. */
export async function startExrec(
  args: readonly string[],
  { env = {}, input = '' }: RunOptions = {},
): Promise<Ended> {
  const file = await bundledProgram('apps/exrec');
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: 'pipe',
  });
  child.stdin.once('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? -1));
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** The same in this process, for the many cases of a command of which one is started: a start takes longer than the rest. */
export async function runExrec(
  args: readonly string[],
  { env = {}, input = '' }: RunOptions = {},
): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const terminal: Terminal = {
    isPerson: false,
    widthColumns: 200,
    out: (words) => void (stdout += `${words}\n`),
    err: (words) => void (stderr += `${words}\n`),
    hasProgress: false,
    progress: (words) => void (stderr += words),
    paint: (_style, words) => words,
  };
  const stdin = Readable.from([Buffer.from(input)]);
  const code = await runCommand(args, { terminal, environment: env, nowMs: Date.now(), stdin });
  return { code, stdout, stderr };
}
