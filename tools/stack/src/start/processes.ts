import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotGoOn, messageOf } from '../words.js';

export type ProgramOptions = {
  /** For people, and the log file's name: `exrp`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the log file, which is written anew. */
  readonly logDir: string;
  /** Whom it runs as; as whoever starts it when left out. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** What asks it to stop; SIGTERM when left out. */
  readonly stopSignal?: NodeJS.Signals;
};

/** A program that runs as a child of ours. */
export type Program = {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  isRunning(): boolean;
  /** Resolves when it is gone. */
  readonly ended: Promise<void>;
  /** How it ended and the last lines of its log. */
  lastWords(): string;
  /** Asks it to stop, and kills it when that takes too long. */
  stop(): Promise<void>;
  kill(): void;
};

/** A service drains for at most 30 s (docs/design/CONTRACTS.md#7-every-service). */
const stopMs = 35_000;
const lastLines = 15;

/**
 * Starts a program whose output goes to `<logDir>/<name>.log`. It leads a process group of its own, so
 * that a Ctrl-C on the terminal reaches us only and everything is stopped in order.
 * @throws CannotGoOn when it can't be run
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { name, command, args, cwd, env, account, stopSignal = 'SIGTERM' } = options;
  const logFile = join(options.logDir, `${name}.log`);
  const log = openSync(logFile, 'w', 0o600);
  try {
    const child = spawn(command, args, {
      ...account,
      cwd,
      env,
      stdio: ['ignore', log, log],
      detached: true,
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const pid = await pidOf(child, name);
    return { name, pid, logFile, ended, ...controlsOf(child, { ended, logFile, stopSignal }) };
  } finally {
    closeSync(log);
  }
}

function pidOf(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new CannotGoOn(`${name} cannot be run: ${messageOf(error)}`)),
    );
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
}

function controlsOf(
  child: ChildProcess,
  {
    ended,
    logFile,
    stopSignal,
  }: {
    readonly ended: Promise<void>;
    readonly logFile: string;
    readonly stopSignal: NodeJS.Signals;
  },
) {
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const kill = () => {
    if (isRunning()) child.kill('SIGKILL');
  };
  return {
    isRunning,
    kill,
    lastWords: () => {
      const end = child.signalCode ?? `exit code ${String(child.exitCode)}`;
      const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lastLines);
      const how = isRunning() ? 'is running' : `has ended (${end})`;
      return `It ${how}. The last lines of ${logFile}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
    },
    stop: async () => {
      if (!isRunning()) return;
      child.kill(stopSignal);
      const overdue = setTimeout(kill, stopMs);
      await ended;
      clearTimeout(overdue);
    },
  };
}
