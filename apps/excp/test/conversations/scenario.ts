import type { CallEvent } from '../../src/interaction/index.js';
import type { DriveOptions } from './drive.js';
import { consult, dnA, dnB, root, tell, trunk } from './feed.js';

/** A row of docs/design/CONVERSATIONS.md#3-worked-examples: what happens, and what GC is told, in the words of that section. */

export type Scenario = {
  readonly name: string;
  readonly feed: readonly CallEvent[];
  readonly how?: DriveOptions;
  readonly told: readonly string[];
};

export const r = tell(root);
export const k = tell(consult);

export const arrives = [r.created(0, 'Inbound'), r.joined(0, trunk)];
export const viaQueue = [
  ...arrives,
  r.queued(1, 'VQ_TechSupport'),
  r.diverted(2, 'VQ_TechSupport', dnA),
  r.ringing(2, dnA),
  r.answered(3, dnA),
];
/** The caller hangs up: everybody goes with the call. */
export const over = (steps: number, ...dns: string[]) => [
  ...[trunk, ...dns].map((dn) => r.left(steps, dn)),
  r.deleted(steps),
];
export const toldViaQueue = [
  't0 ext E',
  't1 routing Q ~E',
  't2 user A alerting ~E rec',
  't3 answered A',
  't3 ended Q Transfer',
];
export const consulting = [
  ...viaQueue,
  r.held(4, dnA),
  k.created(5, 'Consult', { parentCallUUID: root, ani: dnA, dnis: 'VQ_Sales' }),
  k.joined(5, dnA),
  k.queued(5.1, 'VQ_Sales'),
  k.diverted(6, 'VQ_Sales', dnB),
  k.ringing(6, dnB),
  k.answered(7, dnB),
];
export const toldConsulting = [
  ...toldViaQueue,
  't4 hold A true',
  "t5 user A' out ~E rec",
  "t5.1 routing S' ~A'",
  "t5.1 consultTransfer {A,S',E}",
  "t6 user B' alerting ~A' rec",
  "t6 progressConsultTransfer {A,B',E}",
  "t7 answered B'",
  "t7 ended S' Transfer",
];
