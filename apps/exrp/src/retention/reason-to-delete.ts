import { openStates, type InjectionState } from '../injection/states/injection.js';

export type RetentionRule = {
  readonly retentionMs: number;
  readonly deleteWhen: 'retention' | 'uploaded' | 'confirmed';
};

/** Why an audio file goes, as the log says it. */
export type DeletionReason =
  /** `EXRP_DELETE_WHEN`: its recording has got there. */
  | 'uploaded'
  | 'confirmed'
  /** Past its age, its recording confirmed or a dead letter. */
  | 'past-retention'
  /** Past twice that age: still open, without a report, or handed over by nobody. */
  | 'open-past-twice-retention'
  | 'unreported-past-twice-retention'
  | 'unknown-past-twice-retention';

/**
 * How long the audio of a recording in this state is kept (docs/design/CONTRACTS.md#37-confirmation-and-retention, docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (7)). Twice as long while something may
 * still need it: a recording that is open, one whose late report may be a `Failure`, metadata that may still come.
 */
export function lifetimeMs(
  state: InjectionState | undefined,
  { retentionMs }: Pick<RetentionRule, 'retentionMs'>,
): number {
  return state === 'confirmed' || state === 'failed' ? retentionMs : 2 * retentionMs;
}

/** Whether an audio file of this age may go, and why. */
export function reasonToDelete(
  ageMs: number,
  state: InjectionState | undefined,
  rule: RetentionRule,
): DeletionReason | undefined {
  const { deleteWhen } = rule;
  if (deleteWhen !== 'retention' && state === 'confirmed') return 'confirmed';
  if (deleteWhen === 'uploaded' && state === 'uploaded') return 'uploaded';
  if (ageMs <= lifetimeMs(state, rule)) return undefined;
  if (state === undefined) return 'unknown-past-twice-retention';
  if (state === 'uploaded') return 'unreported-past-twice-retention';
  return openStates.includes(state) ? 'open-past-twice-retention' : 'past-retention';
}
