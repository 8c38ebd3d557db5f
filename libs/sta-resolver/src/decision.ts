import type { QueueReference, RecordedParty, StaReason } from '@exrec/gc-metadata';
import type { QueueMap } from './find-queue.js';
import type { StaSnapshot } from './snapshot.js';
import type { TrailStep } from './trail.js';

export type StaInput = {
  /** GC's configuration; null: never read yet. */
  readonly snapshot: StaSnapshot | null;
  readonly recordedParty: RecordedParty;
  /** The origination queue by its Engage name; null: reached without a queue. */
  readonly queue: { readonly name: string } | null;
  readonly queueMap?: QueueMap | undefined;
  /** The value of `sta_userdata_language_key` as it stood when this agent answered. */
  readonly userDataLanguage?: string | null | undefined;
  readonly staDefaultLanguage?: string | null | undefined;
};

export type StaOutcome =
  | { readonly requested: true; readonly programId: string; readonly language: string }
  | { readonly requested: false; readonly reason: StaReason };

export type StaDecision = StaOutcome & {
  /** For the metadata: always the Engage name; id null when GC doesn't have it or wasn't read. */
  readonly queue: QueueReference | null;
  readonly trail: readonly TrailStep[];
};
