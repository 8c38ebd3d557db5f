import type { CallEvent } from './call-event.js';
import type { Happening, PartyPresence, QueueVisit, ScriptedCall } from './scripted-call.js';

type BareEvent = Omit<CallEvent, 'time' | 'callUUID' | 'connID'> & { readonly atMs: number };

/** What SIP Server tells about these calls, in the order of time. Pure. */
export function callEventsOf(calls: readonly ScriptedCall[]): CallEvent[] {
  return calls
    .flatMap((call) => eventsOf(call).map((event) => ({ call, event })))
    .sort((left, right) => left.event.atMs - right.event.atMs)
    .map(({ call: { callUUID, connID }, event: { atMs, ...fields } }) => {
      return { ...fields, time: new Date(atMs).toISOString(), callUUID, connID };
    });
}

function eventsOf(call: ScriptedCall): BareEvent[] {
  const { callType, ani, dnis, parentCallUUID, userData } = call;
  return [
    {
      atMs: call.startMs,
      event: 'EventCallCreated',
      callType,
      ani,
      dnis,
      ...(parentCallUUID === undefined ? {} : { parentCallUUID }),
      ...(userData === undefined ? {} : { userData }),
    },
    ...call.happenings.flatMap(eventsOfHappening),
    ...participantEvents(call),
    { atMs: call.endMs, event: 'EventCallDeleted' },
  ];
}

function eventsOfHappening(happening: Happening): BareEvent[] {
  switch (happening.kind) {
    case 'queue':
      return queueEvents(happening);
    case 'party':
      return partyEvents(happening);
    case 'data':
      return [
        { atMs: happening.atMs, event: 'EventCallDataChanged', userData: happening.userData },
      ];
  }
}

/** A virtual queue is a party of the call as long as the call waits in it. */
function queueEvents({ queue, fromMs, untilMs, toDn }: QueueVisit): BareEvent[] {
  const where = { thisDN: queue, thisQueue: queue };
  const party = { thisDN: queue, partyType: 'queue' as const };
  const diverted = { ...where, ...(toDn === undefined ? {} : { thirdPartyDN: toDn }) };
  return [
    { atMs: fromMs, event: 'EventCallPartyAdded', ...party },
    { atMs: fromMs, event: 'EventQueued', ...where },
    { atMs: untilMs, event: 'EventDiverted', ...diverted },
    { atMs: untilMs, event: 'EventCallPartyDeleted', ...party },
  ];
}

function partyEvents(presence: PartyPresence): BareEvent[] {
  const { ringingMs, fromMs, untilMs, holds = [] } = presence;
  const party = {
    thisDN: presence.dn,
    partyType: presence.partyType,
    ...(presence.agentId === undefined ? {} : { agentId: presence.agentId }),
  };
  const state = (atMs: number, partyState: 'established' | 'held'): BareEvent => {
    return { atMs, event: 'EventCallPartyState', ...party, partyState };
  };
  const arrival: BareEvent[] =
    ringingMs === undefined
      ? [{ atMs: fromMs, event: 'EventCallPartyAdded', ...party, partyState: 'established' }]
      : [
          { atMs: ringingMs, event: 'EventCallPartyAdded', ...party, partyState: 'ringing' },
          state(fromMs, 'established'),
        ];
  return [
    ...arrival,
    ...holds.flatMap((hold) => [state(hold.fromMs, 'held'), state(hold.untilMs, 'established')]),
    { atMs: untilMs, event: 'EventCallPartyDeleted', ...party },
  ];
}

/** SIP Server tells an agent's extension who is on the call each time that somebody joins. */
function participantEvents({ happenings }: ScriptedCall): BareEvent[] {
  const present = happenings.filter((happening) => happening.kind === 'party');
  const agents = present.filter((party) => party.partyType === 'agent');
  return agents.map(({ dn, fromMs }) => {
    const others = present.filter((party) => party.fromMs <= fromMs && party.untilMs > fromMs);
    const participants = others.map((party) => party.dn);
    return { atMs: fromMs, event: 'EventUserEvent', thisDN: dn, userData: { participants } };
  });
}
