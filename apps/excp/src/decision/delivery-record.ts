import type { InjectionRequest } from '@exrec/gc-metadata';
import type { PresenceName } from '../interaction/index.js';
import type { SegmentDecision } from './decide.js';

/**
 * Where a segment is on its way to EXRP. `queued`: a job will decide about it and send it; `sending`: decided, its request
 * is kept and sent; `waiting`: tried, will be tried again as it is; `dispatched`: EXRP has confirmed it;
 * `refused`: EXRP will never take it as it is.
 */
export const deliveryStates = [
  'queued',
  'sending',
  'waiting',
  'dispatched',
  'out-of-scope',
  'refused',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export type DeliveryRecord = {
  readonly state: DeliveryState;
  /** When it came into this state, epoch ms. */
  readonly atMs: number;
  readonly attempts?: number | undefined;
  /** Why the last attempt failed, e.g. `exrp-unavailable`. */
  readonly cause?: string | undefined;
  readonly detail?: string | undefined;
  readonly nextTryAtMs?: number | undefined;
  /** As it stood at the first attempt, or when the segment was put out of scope; before that it is still open. */
  readonly decision?: SegmentDecision | undefined;
  /** The presence under whose ids it was told to EXRP: it keeps them, whatever happens (docs/design/DESIGN.md#decisions (10)). */
  readonly told?: PresenceName | undefined;
  /** From the first attempt on, until EXRP has answered: what is sent, and sent again (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (10)). */
  readonly request?: InjectionRequest | undefined;
};

/** Nothing more happens to the segment by itself. */
export function isSettled({ state }: DeliveryRecord): boolean {
  return state === 'dispatched' || state === 'out-of-scope' || state === 'refused';
}

/** It is on its way, and nothing has been decided about it yet. */
export function isOpen(record: DeliveryRecord): boolean {
  return record.request === undefined && !isSettled(record);
}

/** The state stands first, where scripts can see it without reading JSON. */
export function deliveryText({ state, ...rest }: DeliveryRecord): string {
  return `${state} ${JSON.stringify(rest)}`;
}

export function readDelivery(text: string): DeliveryRecord {
  const space = text.indexOf(' ');
  const state = deliveryStates.find((candidate) => candidate === text.slice(0, space));
  if (state === undefined) throw new Error('a delivery record is of an unknown state');
  // Written by `deliveryText`.
  const rest = JSON.parse(text.slice(space + 1)) as Omit<DeliveryRecord, 'state'>;
  return { state, ...rest };
}
