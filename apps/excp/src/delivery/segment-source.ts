import type { Interaction, SegmentMetadata } from '../interaction/index.js';

export type PullFacts = {
  /** When pulling began, epoch ms: at the end of the interaction, or when it was asked for again. */
  readonly startedAtMs: number;
  /** Pulls made before this one. */
  readonly attempts: number;
  readonly nowMs: number;
};

export type PullOutcome = {
  /** Media files found now; those that are known already do no harm. */
  readonly segments: readonly SegmentMetadata[];
  readonly next:
    | { readonly kind: 'complete' }
    /** Something is missing still, or the source can't be asked. `cause`: a word for an operator. */
    | { readonly kind: 'again'; readonly nextTryAtMs: number; readonly cause: string }
    /**
     * The deadline has passed: the interaction is reported `metadata-missing`. `isOwed`: an agent was heard, or the
     * source could not be asked; otherwise it may be that nothing was recorded, as of a caller who gave up.
     */
    | { readonly kind: 'missing'; readonly cause: string; readonly isOwed: boolean };
};

/** Where metadata of an ended interaction are pulled from (docs/design/CONTRACTS.md#24-gir-rws). */
export interface SegmentSource {
  /** Outages are an outcome (`again`), not an error. */
  pullSegments(interaction: Interaction, facts: PullFacts): Promise<PullOutcome>;
}
