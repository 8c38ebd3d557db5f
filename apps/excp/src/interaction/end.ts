import type { Call, Interaction } from './interaction.js';

export interface EndFacts {
  readonly nowMs: number;
  /** When the last new entry arrived, by our own clock: event times belong to the clock of somebody else. */
  readonly lastSeenAtMs: number;
  readonly quietPeriodMs: number;
  readonly settleMs: number;
  readonly maxInteractionMs: number;
  /** For how long what was sent could be taken, without a break: what was refused before that is still to come. */
  readonly takingForMs: number;
  readonly endedByAdmin: boolean;
}

/** `parent-unknown`: all calls that were heard of are gone; the one of which they are consults never was heard of. */
export type EndReason = 'calls-deleted' | 'quiet' | 'admin' | 'timed-out' | 'parent-unknown';
export type EndDecision =
  | { readonly ended: true; readonly why: EndReason }
  | { readonly ended: false; readonly nextCheckAtMs: number };

type Ending = Pick<Interaction, 'hasCallEvents' | 'openCallUUIDs' | 'calls'>;

/** After a break nobody waits longer than this for what was refused in it. */
const longestWaitMs = 300_000;

/**
 * Is the interaction over (docs/design/CONTRACTS.md#23-when-an-interaction-ends, docs/design/CONTRACTS.md#9-clarifications (3))? If not, when to ask again, provided that nothing new arrives.
 * A call that is only named as a parent may still be heard of for as long as metadata are waited for.
 */
export function endOf(interaction: Ending, facts: EndFacts): EndDecision {
  if (facts.endedByAdmin) return { ended: true, why: 'admin' };
  const { why, afterMs } = awaited(interaction, facts);
  // Nothing at all for so long ends anything, whatever else it was waiting for.
  const timedOut = facts.maxInteractionMs < afterMs;
  const silentUntilMs = facts.lastSeenAtMs + (timedOut ? facts.maxInteractionMs : afterMs);
  // Of calls that are all known to be over nothing is missing.
  const dueAtMs =
    why === 'calls-deleted' ? silentUntilMs : Math.max(silentUntilMs, refusedComesUntilMs(facts));
  if (facts.nowMs < dueAtMs) return { ended: false, nextCheckAtMs: dueAtMs };
  return { ended: true, why: timedOut ? 'timed-out' : why };
}

/** What was refused in a break comes when it is taken again: until then nothing ends by silence (docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (13)). */
export function refusedComesUntilMs(
  facts: Pick<EndFacts, 'nowMs' | 'quietPeriodMs' | 'takingForMs'>,
): number {
  const takenAgainAtMs = facts.nowMs - facts.takingForMs;
  return takenAgainAtMs + Math.min(facts.quietPeriodMs, longestWaitMs);
}

function awaited(interaction: Ending, facts: EndFacts): { why: EndReason; afterMs: number } {
  if (!interaction.hasCallEvents) return { why: 'quiet', afterMs: facts.quietPeriodMs };
  if (interaction.openCallUUIDs.length === 0)
    return { why: 'calls-deleted', afterMs: facts.settleMs };
  const { calls, openCallUUIDs } = interaction;
  const isUnheard = ({ callUUID, knownBy }: Call) =>
    knownBy === 'parent' || !openCallUUIDs.includes(callUUID);
  if (calls.every(isUnheard))
    return { why: 'parent-unknown', afterMs: Math.max(facts.settleMs, facts.quietPeriodMs) };
  return { why: 'timed-out', afterMs: facts.maxInteractionMs };
}
