import type { Interaction } from '@exrec/excp';
import type { Course } from '../output/time-line.js';

/** An interaction as EXCP would tell it (docs/design/CONTRACTS.md#25-reading-back). */
export function courseOf({
  rootCallUUID,
  calls,
  parties,
  queueVisits,
  userData,
}: Interaction): Course {
  return {
    interactionId: rootCallUUID,
    calls: calls.map(({ startedAtMs, deletedAtMs, ...call }) => ({
      ...call,
      startedAt: iso(startedAtMs),
      deletedAt: iso(deletedAtMs),
    })),
    parties: parties.map(({ addedAtMs, establishedAtMs, goneAtMs, intervals, ...party }) => ({
      ...party,
      addedAt: iso(addedAtMs),
      establishedAt: iso(establishedAtMs),
      goneAt: iso(goneAtMs),
      intervals: intervals.map(({ state, fromMs, toMs }) => ({
        state,
        from: iso(fromMs),
        to: iso(toMs),
      })),
    })),
    queueVisits: queueVisits.map(({ enteredAtMs, leftAtMs, ...visit }) => ({
      ...visit,
      enteredAt: iso(enteredAtMs),
      leftAt: iso(leftAtMs),
    })),
    userData: userData.map(({ atMs, changes }) => ({ at: iso(atMs), changes })),
  };
}

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
