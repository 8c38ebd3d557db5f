/**
 * A named step at which a test may have the process kill itself (docs/design/FAILURES.md#2-how-it-is-shown).
 * Does nothing unless `NODE_ENV=test` and `EXREC_CRASH_POINT` names this step.
 */
export function crashPoint(name: string): void {
  if (process.env.NODE_ENV === 'test' && process.env.EXREC_CRASH_POINT === name) {
    process.kill(process.pid, 'SIGKILL');
  }
}
