import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { waitFor } from '@exrec/testing';
import { patience } from '../patience.js';

export type InstanceOptions = {
  /** For people: `exrp-1`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What it prints, over all its lives. */
  readonly logFile: string;
  /** GET of this says that it runs. */
  readonly liveUrl: string;
};

const stopMs = 40_000;

/** A program that is killed, hung and started again on the same place. */
export class Instance {
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  /** Times that it ended without having been asked to. */
  readonly deaths: string[] = [];
  #isAsked = false;
  readonly #options: InstanceOptions;

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get logFile(): string {
    return this.#options.logFile;
  }

  /** Where it listens. */
  get origin(): string {
    return new URL(this.#options.liveUrl).origin;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** @param env of this life only */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { command, args, cwd, logFile, liveUrl } = this.#options;
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(command, args, {
      cwd,
      env: { PATH: process.env.PATH, ...this.#options.env, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    this.#isAsked = false;
    this.#ended = new Promise((resolve) => {
      const gone = () => {
        if (this.#child === child) this.#child = undefined;
        resolve();
      };
      child.once('error', gone);
      child.once('exit', (code, signal) => {
        if (!this.#isAsked) this.deaths.push(`${this.name} ended with ${signal ?? `code ${code}`}`);
        gone();
      });
    });
    await waitFor(`${this.name} to run`, () => this.#child !== child || isUp(liveUrl), patience);
    if (this.#child !== child) throw new Error(`${this.name} did not start, see ${logFile}`);
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM, and time to drain. */
  async stop(): Promise<void> {
    const overdue = setTimeout(() => this.#child?.kill('SIGKILL'), stopMs);
    await this.#end('SIGTERM');
    clearTimeout(overdue);
  }

  hang(): void {
    this.#child?.kill('SIGSTOP');
  }

  wake(): void {
    this.#child?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#isAsked = true;
    this.#child?.kill(signal);
    this.#child?.kill('SIGCONT');
    await this.#ended;
  }
}

async function isUp(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer !== undefined;
}
