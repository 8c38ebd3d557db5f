import { spawn } from 'node:child_process';

/** Ends what we started when we are killed without a chance to do it ourselves. */
export type Guard = {
  watch(pid: number): void;
  /** Everything is stopped: nothing is left to do. */
  dismiss(): void;
};

/**
 * A shell that reads process ids until its input ends. It ends when we do, however that happens, and
 * then the shell asks those processes to stop. Our services and Redis always do on SIGTERM.
 */
const script = `
pids=
while read -r line; do
  if [ "$line" = dismiss ]; then exit 0; fi
  pids="$pids $line"
done
[ -z "$pids" ] || kill -TERM $pids`;

export function startGuard(): Guard {
  const shell = spawn('sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Its own session: what ends us by way of the terminal must not end it.
    detached: true,
  });
  // Without a shell everything works but this.
  shell.once('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  const tell = (line: string) => shell.stdin.write(`${line}\n`);
  return {
    watch: (pid) => tell(`${pid}`),
    dismiss: () => {
      tell('dismiss');
      shell.stdin.end();
    },
  };
}
