import type { Presence, RecordedStay, Visit } from '../contact/contact.js';

export type LegKind = 'external' | 'ivr' | 'phone' | 'routing' | 'user';

/** What of a contact becomes one communication of a GC conversation. Times in epoch ms. */
export type Leg = {
  readonly kind: LegKind;
  readonly role: 'customer' | 'trunk' | 'agent' | 'queue' | 'ivr' | 'other';
  readonly callUUID: string;
  readonly isConsult: boolean;
  /** A DN, a queue, or `*external*`. */
  readonly place: string;
  /** The number it gets in its name, unless another leg has that already. */
  readonly number: number;
  readonly startMs: number;
  readonly alerting: boolean;
  /** The answer, or the beginning of a leg that did not ring. */
  readonly answeredAtMs: number | undefined;
  readonly goneAtMs: number | undefined;
  readonly holds: Presence['holds'];
  readonly userId: string | undefined;
  readonly queueId: string | undefined;
  readonly agentId: string | undefined;
  /** The origination queue by its Engage name. */
  readonly queue: string | undefined;
  readonly presence: Presence | undefined;
  /** Visits that follow each other without an answer, as one. */
  readonly visits: readonly Visit[];
  /** The recordings that name this leg. */
  readonly recordings: readonly RecordedStay[];
  /** Who it is not clear yet, until the feed has come this far or nothing came for so long: see `waits.identityMs`. */
  readonly isUnclear: boolean;
};

/** Something of the contact that GC does not know. */
export type Gap = { readonly kind: 'agent' | 'queue'; readonly name: string };

export const syntheticCustomer = '*external*';
