import type { SegmentDecision } from '../decision/segment-decision.js';

/**
 * Where a segment is on its way to EXRP. `queued`: a job will send it; `waiting`: tried, will be tried again;
 * `dispatched`: EXRP has confirmed it; `refused`: EXRP will never take it as it is.
 */
export const dispatchStates = [
  'queued',
  'waiting',
  'dispatched',
  'out-of-scope',
  'refused',
] as const;
export type DispatchState = (typeof dispatchStates)[number];

export type DispatchRecord = {
  readonly state: DispatchState;
  /** When it came into this state, epoch ms. */
  readonly atMs: number;
  readonly attempts?: number | undefined;
  /** Why the last attempt failed, e.g. `exrp-unavailable`. */
  readonly cause?: string | undefined;
  readonly detail?: string | undefined;
  readonly nextTryAtMs?: number | undefined;
  /** As it stood when the segment was sent or put out of scope; before that it is still open. */
  readonly decision?: SegmentDecision | undefined;
};

/** Nothing more happens to the segment by itself. */
export function isSettled({ state }: DispatchRecord): boolean {
  return state === 'dispatched' || state === 'out-of-scope' || state === 'refused';
}

/** The state stands first, where scripts can see it without reading JSON. */
export function dispatchText({ state, ...rest }: DispatchRecord): string {
  return `${state} ${JSON.stringify(rest)}`;
}

export function readDispatch(text: string): DispatchRecord {
  const space = text.indexOf(' ');
  const state = dispatchStates.find((candidate) => candidate === text.slice(0, space));
  if (state === undefined) throw new Error('a dispatch record is of an unknown state');
  // Written by `dispatchText`.
  const rest = JSON.parse(text.slice(space + 1)) as Omit<DispatchRecord, 'state'>;
  return { state, ...rest };
}
