import { setTimeout as sleep } from 'node:timers/promises';
import { isRedisUnavailable, type Logger } from '@exrec/service-kit';
import type { Planner } from './planning/planner.js';
import type { Lease } from './sending/lease.js';
import type { Sender } from './sending/sender.js';
import type { ConversationStore } from './store/conversation-store.js';

export type Loop = { readonly stop: () => Promise<void> };

/** The price in delay of not having a timer for each conversation. */
const everyMs = 100;
/** After an error that is no outage of Redis. */
const faultPauseMs = 5_000;
const claimMs = 10_000;
const claimed = 40;
const atOnce = 8;

/** Plans the calls whose time has come; every instance takes its share. */
export function planningLoop({
  store,
  planner,
  logger,
  now,
}: {
  readonly store: Pick<ConversationStore, 'claim' | 'postpone'>;
  readonly planner: Pick<Planner, 'plan'>;
  readonly logger: Logger;
  readonly now: () => number;
}): Loop {
  const check = async (callUUID: string) => {
    if (!(await planner.plan(callUUID))) await store.postpone(callUUID, now() + everyMs);
  };
  return loop('conversation.planning-failed', logger, async () => {
    const calls = await store.claim(claimed, now() + claimMs);
    for (let start = 0; start < calls.length; start += atOnce) {
      await Promise.all(calls.slice(start, start + atOnce).map(check));
    }
    return calls.length === claimed;
  });
}

/** Sends, while this instance is the one that does. */
export function sendingLoop({
  lease,
  sender,
  logger,
}: {
  readonly lease: Lease;
  readonly sender: Pick<Sender, 'step'>;
  readonly logger: Logger;
}): Loop {
  lease.start();
  const sending = loop('conversation.sending-failed', logger, (signal) =>
    lease.isHeld ? sender.step(signal) : Promise.resolve(false),
  );
  return {
    stop: async () => {
      await sending.stop();
      await lease.stop();
    },
  };
}

/** @param step says whether there is more to be done at once */
function loop(
  failureName: string,
  logger: Logger,
  step: (signal: AbortSignal) => Promise<boolean>,
): Loop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);
  const run = async () => {
    while (!signal.aborted) {
      try {
        if (!(await step(signal))) await pause(everyMs);
      } catch (error) {
        if (!isRedisUnavailable(error)) logger.error(failureName, { error });
        await pause(isRedisUnavailable(error) ? everyMs * 5 : faultPauseMs);
      }
    }
  };
  const done = run();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}
