import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BenchContext } from '../bench.js';

export type IdleProcess = {
  /** As `longestLagMs` of a service: since this was last asked, milliseconds. */
  longestLagMs(): Promise<number>;
};

const program = `
const delay = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 10 });
delay.enable();
process.on('message', () => {
  process.send(delay.max / 1e6);
  delay.reset();
});`;

/** A Node.js process that does nothing: what its timers wait for is the machine, which runs something else. */
export function startIdleProcess(context: BenchContext): IdleProcess {
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  context.cleanUp(async () => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  });
  return {
    longestLagMs: async () => {
      const answer: Promise<unknown[]> = once(child, 'message');
      child.send('how long?');
      return Number((await answer)[0]);
    },
  };
}
