import { randomBytes } from 'node:crypto';
import type { CallEvent } from '@exrec/simulator';

/** Something that happens on a call, so long after its beginning. */
type Step = { readonly afterMs: number } & Pick<
  CallEvent,
  'event' | 'callType' | 'ani' | 'dnis' | 'thisDN' | 'thisQueue' | 'thirdPartyDN' | 'agentId'
> &
  Pick<CallEvent, 'partyType' | 'partyState'>;

const trunk = { thisDN: 'Trunk_SBC1', partyType: 'trunk' } as const;
const queue = { thisDN: 'VQ_TechSupport', thisQueue: 'VQ_TechSupport' } as const;
const agent = { thisDN: '7105', agentId: 'agent7105', partyType: 'agent' } as const;

/** A short call through a queue to an agent who puts it on hold: nine events for Genesys Cloud. */
const steps: readonly Step[] = [
  { afterMs: 0, event: 'EventCallCreated', callType: 'Inbound', ani: '+4930555010', dnis: '800' },
  { afterMs: 0, event: 'EventCallPartyAdded', ...trunk, partyState: 'established' },
  { afterMs: 500, event: 'EventQueued', ...queue },
  { afterMs: 2_000, event: 'EventDiverted', ...queue, thirdPartyDN: '7105' },
  { afterMs: 2_000, event: 'EventCallPartyAdded', ...agent, partyState: 'ringing' },
  { afterMs: 4_000, event: 'EventCallPartyState', ...agent, partyState: 'established' },
  { afterMs: 6_000, event: 'EventCallPartyState', ...agent, partyState: 'held' },
  { afterMs: 8_000, event: 'EventCallPartyState', ...agent, partyState: 'established' },
  { afterMs: 12_000, event: 'EventCallPartyDeleted', ...trunk },
  { afterMs: 12_000, event: 'EventCallPartyDeleted', ...agent },
  { afterMs: 12_000, event: 'EventCallDeleted' },
];

export const eventsOfACall = 9;

export type QueueCall = {
  readonly callUUID: string;
  /** In order, each when it happens. */
  readonly feed: readonly { readonly atMs: number; readonly event: CallEvent }[];
  /** What the agent said. */
  readonly recording: { readonly startMs: number; readonly stopMs: number };
};

/** A call that begins now. */
export function queueCall(nowMs: number): QueueCall {
  const callUUID = randomBytes(16).toString('hex').toUpperCase();
  const feed = steps.map(({ afterMs, ...step }) => {
    const atMs = nowMs + afterMs;
    return { atMs, event: { ...step, callUUID, time: new Date(atMs).toISOString() } };
  });
  return { callUUID, feed, recording: { startMs: nowMs + 4_000, stopMs: nowMs + 12_000 } };
}
