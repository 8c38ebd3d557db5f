import { spawn, type ChildProcess } from 'node:child_process';
import { get } from 'node:http';
import { waitFor } from './wait-for.js';

export type StartProcessOptions = {
  /** Program to run; this Node.js when left out. */
  readonly command?: string;
  readonly args: readonly string[];
  /** The whole environment of the process besides `PATH`, `HOME`, `TMPDIR` and `NODE_ENV`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The process counts as started when a GET of this http URL is answered 2xx, e.g. `/health/live`. */
  readonly readyUrl?: string;
  /** Default 3 min. */
  readonly readyTimeoutMs?: number;
};

export type ProcessEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type RunningProcess = {
  readonly pid: number;
  /** Everything printed so far, standard output and standard error as they came. */
  output(): string;
  /** `undefined` while it runs, `null` when a signal ended it. */
  exitCode(): number | null | undefined;
  /** Resolves when the process is gone and its output is complete. */
  readonly ended: Promise<ProcessEnd>;
  /** Sends a signal and returns at once, e.g. `SIGSTOP`, or `SIGTERM` to watch it drain. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal (default `SIGKILL`) and waits for the end; wakes a stopped process first. */
  kill(signal?: NodeJS.Signals): Promise<ProcessEnd>;
};

/** What a child may see of this process; settings of the developer's shell must not reach a test. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'NODE_ENV'] as const;

/**
 * Runs a program and collects what it prints.
 * @throws with its output when it ends, or stays silent, before `readyUrl` answers
 */
export async function startProcess(options: StartProcessOptions): Promise<RunningProcess> {
  const child = spawn(options.command ?? process.execPath, options.args, {
    cwd: options.cwd,
    env: { ...inheritedEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const running = await watch(child);
  if (options.readyUrl !== undefined) await untilReady(running, options.readyUrl, options);
  return running;
}

function inheritedEnvironment(): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of passedOn) {
    const value = process.env[name];
    if (value !== undefined) values[name] = value;
  }
  return values;
}

async function watch(child: ChildProcess): Promise<RunningProcess> {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  }
  let end: ProcessEnd | undefined;
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => resolve((end = { code, signal })));
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
  const signal = (name: NodeJS.Signals) => {
    if (end === undefined) child.kill(name);
  };
  return {
    pid,
    output: () => chunks.join(''),
    exitCode: () => end?.code,
    ended,
    signal,
    kill: (name = 'SIGKILL') => {
      signal(name);
      signal('SIGCONT');
      return ended;
    },
  };
}

async function untilReady(
  running: RunningProcess,
  url: string,
  { readyTimeoutMs = 180_000 }: StartProcessOptions,
): Promise<void> {
  try {
    await waitFor(url, () => hasEnded(running) || answers(url), { timeoutMs: readyTimeoutMs });
  } catch (error) {
    await running.kill();
    throw new Error(`${url} never answered; the process printed:\n${running.output()}`, {
      cause: error,
    });
  }
  if (hasEnded(running)) {
    throw new Error(`ended with ${String(running.exitCode())}; it printed:\n${running.output()}`);
  }
}

function hasEnded(running: RunningProcess): boolean {
  return running.exitCode() !== undefined;
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      resolve(Math.floor((response.statusCode ?? 500) / 100) === 2);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
