import type { CallEvent } from '../../src/interaction/index.js';

/** Beginning of every scripted call. */
export const t0 = Date.parse('2026-03-02T09:00:00.000Z');

/** `t(5.1)`: a tenth of a step after the fifth; a step is ten seconds. */
export const t = (steps: number) => t0 + Math.round(steps * 10_000);

export const root = '02AB7QK3D4FH59LMN0PQ6RSTUV000001';
export const consult = '02AB7QK3D4FH59LMN0PQ6RSTUV000002';

export const trunk = 'Trunk_SBC1';
export const [dnA, dnB, dnC] = ['7105', '7201', '7106'] as const;
const agentOf = (dn: string) => (dn.startsWith('7') ? { agentId: `agent${dn}` } : {});
const partyType = (dn: string) => {
  if (dn.startsWith('Trunk')) return 'trunk' as const;
  return dn.startsWith('7') || dn.startsWith('9') ? ('agent' as const) : ('other' as const);
};

type Fields = Omit<CallEvent, 'eventId' | 'timeMs' | 'callUUID'>;

/** One call, told event by event. Ids are made of the content, so that a feed twice is the same feed. */
export function tell(callUUID: string) {
  const at = (steps: number, fields: Fields): CallEvent => ({
    ...fields,
    eventId: `${callUUID.slice(-1)}-${steps}-${fields.event}-${fields.thisDN ?? ''}-${fields.partyState ?? ''}`,
    timeMs: t(steps),
    callUUID,
  });
  const party = (dn: string) => ({ thisDN: dn, partyType: partyType(dn), ...agentOf(dn) });
  return {
    created: (steps: number, callType: CallEvent['callType'], more: Partial<Fields> = {}) =>
      at(steps, {
        event: 'EventCallCreated',
        callType,
        ani: '+49 30 555010',
        dnis: '8005550100',
        ...more,
      }),
    ringing: (steps: number, dn: string) =>
      at(steps, { event: 'EventCallPartyAdded', partyState: 'ringing', ...party(dn) }),
    joined: (steps: number, dn: string) =>
      at(steps, { event: 'EventCallPartyAdded', partyState: 'established', ...party(dn) }),
    answered: (steps: number, dn: string) =>
      at(steps, { event: 'EventCallPartyState', partyState: 'established', ...party(dn) }),
    held: (steps: number, dn: string) =>
      at(steps, { event: 'EventCallPartyState', partyState: 'held', ...party(dn) }),
    left: (steps: number, dn: string, ctrlParty?: string) =>
      at(steps, { event: 'EventCallPartyDeleted', ...party(dn), ...(ctrlParty && { ctrlParty }) }),
    queued: (steps: number, queue: string) =>
      at(steps, { event: 'EventQueued', thisDN: queue, thisQueue: queue }),
    diverted: (steps: number, queue: string, dn?: string) =>
      at(steps, {
        event: 'EventDiverted',
        ...{ thisDN: queue, thisQueue: queue },
        ...(dn && { thirdPartyDN: dn }),
      }),
    deleted: (steps: number, ctrlParty?: string) =>
      at(steps, { event: 'EventCallDeleted', ...(ctrlParty && { ctrlParty }) }),
  };
}
