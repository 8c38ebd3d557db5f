import type { Belongings } from './start/belongings.js';
import type { Terminal } from './output/terminal.js';

export type StopOptions = {
  readonly belongings: Belongings;
  readonly terminal: Terminal;
  /** Of this process, when the signal has stopped it. */
  readonly exitCode: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => number;
};

const parentCheckMs = 1_000;

/**
 * Ctrl-C and SIGTERM stop all that was started, in order; a second one stops it at once.
 * So does the end of the program that started us: nobody could stop us any more.
 */
export function stopOnSignals({ belongings, terminal, exitCode }: StopOptions): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (belongings.isStopping) {
        belongings.kill();
        process.exit(exitCode(signal));
      }
      terminal.say('\nStopping …');
      void stop(belongings, exitCode(signal));
    });
  }
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !belongings.isStopping) void stop(belongings, 1);
  }, parentCheckMs).unref();
}

async function stop(belongings: Belongings, exitCode: number): Promise<void> {
  await belongings.stop();
  process.exit(exitCode);
}
