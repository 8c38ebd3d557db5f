import { setFlagsFromString } from 'node:v8';

/** The heap may grow by this share of what is alive before V8 marks all of it again. */
const growthPercent = 500;

/**
 * Keeps V8 from marking the whole heap all the time. By itself it lets a small heap grow by 8 MB between two full
 * collections and counts buffers outside the heap in. Those of the recordings in flight are more than that, so that
 * chance decides whether a process marks its heap now and then or several times a second (ADR 7).
 * The flag is V8's own: a version without it would say so on standard error, and go on.
 */
export function growHeapInLargeSteps(): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
}
