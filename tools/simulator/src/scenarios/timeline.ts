import { setTimeout as sleep } from 'node:timers/promises';

/** Maps the scenario's time (epoch ms) to ours: `speed` seconds of it pass in one of ours. */
export type Timeline = { readonly startMs: number; readonly speed: number };

export type Task<T> = { readonly dueMs: number; readonly run: () => Promise<T> };

/** Runs each task at its time, never before the one before it has ended. */
export async function inTurn<T>(tasks: readonly Task<T>[], timeline: Timeline): Promise<T[]> {
  const results: T[] = [];
  const waitUntil = clockOf(timeline);
  for (const task of byTime(tasks)) {
    await waitUntil(task.dueMs);
    results.push(await task.run());
  }
  return results;
}

/** Runs each task at its time, however long the others take. */
export function atTheirTime<T>(tasks: readonly Task<T>[], timeline: Timeline): Promise<T[]> {
  const waitUntil = clockOf(timeline);
  return Promise.all(
    byTime(tasks).map(async (task) => {
      await waitUntil(task.dueMs);
      return task.run();
    }),
  );
}

function clockOf({ startMs, speed }: Timeline): (dueMs: number) => Promise<void> {
  const begunMs = Date.now();
  return async (dueMs) => {
    const waitMs = begunMs + (dueMs - startMs) / speed - Date.now();
    if (waitMs > 0) await sleep(waitMs);
  };
}

function byTime<T>(tasks: readonly Task<T>[]): Task<T>[] {
  return [...tasks].sort((left, right) => left.dueMs - right.dueMs);
}
