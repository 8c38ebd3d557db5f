import type { Interaction } from '../interaction/index.js';

export const iso = (ms: number | undefined) =>
  ms === undefined ? null : new Date(ms).toISOString();

/** Calls, parties and queue visits (docs/design/CONTRACTS.md#25-reading-back). */
export function callsView({ calls, parties, queueVisits }: Interaction) {
  return {
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
  };
}
