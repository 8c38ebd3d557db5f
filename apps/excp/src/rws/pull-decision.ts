export interface PullFacts {
  /** Times RWS was asked for this interaction before. */
  readonly attempts: number;
  /** When pulling began. */
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** RWS_DEADLINE_HOURS in milliseconds. */
  readonly deadlineMs: number;
  /** Answered stays of agents; RWS owes a segment for each of them. */
  readonly staysAnswered: number;
  /** Of how many of them there is a segment. */
  readonly staysRecorded: number;
  /** RWS knows a recording of one of the calls. */
  readonly hasRecording: boolean;
  /** Present when RWS could not be asked about every call. */
  readonly failure?: { readonly retryAfterMs?: number | undefined } | undefined;
  /** 0 to 1. */
  readonly random: number;
}

export type PullOutcome = 'complete' | { readonly again: number } | 'metadata-missing';

const firstPauseMs = 5_000;
/** With the jitter, pauses grow to 10 min. */
const longestPauseMs = 8 * 60_000;
const jitterShare = 0.25;
/** Nobody was heard, and RWS knows the call: nothing is owed, but a trunk may have been recorded. */
const nobodyHeardMs = 30 * 60_000;

/**
 * Whether to ask RWS again about an ended interaction, and when (docs/design/CONTRACTS.md#24-gir-rws): with pauses of 5 s to 10 min until there
 * is a segment of each stay that was answered, or the deadline has come; the last try is at the deadline.
 */
export function decidePull(facts: PullFacts): PullOutcome {
  const { failure, deadlineMs, startedAtMs, nowMs } = facts;
  const hasOwed = facts.staysRecorded >= facts.staysAnswered;
  const hasSome = facts.staysRecorded > 0;
  if (hasOwed && hasSome && failure === undefined) return 'complete';
  const isNothingOwed = hasOwed && facts.hasRecording && failure === undefined;
  const lastAtMs = startedAtMs + (isNothingOwed ? Math.min(nobodyHeardMs, deadlineMs) : deadlineMs);
  if (nowMs < lastAtMs) return { again: Math.min(nowMs + pauseMs(facts), lastAtMs) };
  return isNothingOwed || (hasOwed && hasSome) ? 'complete' : 'metadata-missing';
}

function pauseMs({ attempts, failure, random }: PullFacts): number {
  const grownMs = Math.min(firstPauseMs * 2 ** attempts, longestPauseMs);
  const ownMs = Math.round(grownMs * (1 + jitterShare * random));
  return Math.max(ownMs, failure?.retryAfterMs ?? 0);
}
