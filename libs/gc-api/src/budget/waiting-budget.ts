import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@exrec/service-kit';
import { longestPauseSleptMs, longestSleepMs } from './budget-rules.js';
import type { BudgetStore, TakeAnswer } from './budget-store.js';
import type { CallKind, RateBudget } from './rate-budget.js';
import { WaitingLine } from './waiting-line.js';

type Take = {
  readonly kind: CallKind;
  readonly clientKeys: readonly string[];
  readonly signal: AbortSignal | undefined;
};

/**
 * Waiting on top of a store. In one process the callers of a kind stand in line and only the first
 * asks the store, so a backlog of thousands costs Redis no more than one waiter does.
 */
export function waitingBudget(store: BudgetStore): RateBudget {
  const lines: Readonly<Record<CallKind, WaitingLine>> = {
    conversation: new WaitingLine(),
    upload: new WaitingLine(),
    report: new WaitingLine(),
    configuration: new WaitingLine(),
  };
  return {
    async take(kind, clientKeys, signal) {
      const cameAtMs = performance.now();
      const leaveLine = await lines[kind].enter(signal).catch(() => undefined);
      if (leaveLine === undefined) throw cancelled();
      try {
        return await takeAtHead(store, { kind, clientKeys, signal }, cameAtMs);
      } finally {
        leaveLine();
      }
    },
    pause: (clientKey, forMs) =>
      store.restrict(clientKey, { remaining: Number.MAX_SAFE_INTEGER, pauseMs: forMs }),
    async observe(clientKey, { remaining, resetMs }) {
      await store.restrict(clientKey, { remaining, pauseMs: remaining <= 0 ? resetMs : 0 });
    },
  };
}

async function takeAtHead(store: BudgetStore, take: Take, cameAtMs: number): Promise<string> {
  const { kind, clientKeys, signal } = take;
  const waiterId = randomUUID();
  let holdsPlace = false;
  try {
    for (;;) {
      if (signal?.aborted) throw cancelled();
      const waitedMs = performance.now() - cameAtMs;
      const answer = await store.tryTake({ waiterId, kind, clientKeys, waitedMs });
      holdsPlace = answer.state === 'wait';
      if (answer.state === 'granted') return answer.clientKey;
      await sleepFor(answer, signal);
    }
  } catch (error) {
    // The store forgets a silent waiter by itself; leaving only spares the others a moment.
    if (holdsPlace) await store.leave(waiterId).catch(() => undefined);
    throw error;
  }
}

async function sleepFor(
  answer: Exclude<TakeAnswer, { state: 'granted' }>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (answer.state === 'paused' && answer.waitMs > longestPauseSleptMs) {
    const detail = 'every client is paused as GC asked';
    throw Failure.later('gc-rate-limited', { detail, retryAfterMs: answer.waitMs });
  }
  const forMs = Math.min(Math.max(answer.waitMs, 1), longestSleepMs);
  await sleep(forMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

function cancelled(): Failure {
  return Failure.later('gc-unavailable', { detail: 'cancelled while waiting for the rate budget' });
}
