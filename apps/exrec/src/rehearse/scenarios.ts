import type { CallEvent } from '@exrec/excp';

/** Who takes part in a rehearsal: Engage names, which stand for users and queues of the organization. */
export const cast = {
  trunk: 'Trunk_Rehearsal',
  agents: { A: 'rehearsal-a', B: 'rehearsal-b', stranger: 'rehearsal-stranger' },
  queues: { Q: 'VQ_Rehearsal_1', S: 'VQ_Rehearsal_2' },
} as const;

/** `<second> <event> <DN or queue> [<state or DN>]`; `K` begins what happens on the consult call. */
type Line = string;

export type Scenario = {
  readonly name: string;
  readonly callType: 'Inbound' | 'Outbound' | 'Internal';
  readonly lines: readonly Line[];
};

/** One call of each kind (docs/design/CONVERSATIONS.md#3-worked-examples). */
export const scenarios: readonly Scenario[] = [
  {
    name: 'through a queue, with hold',
    callType: 'Inbound',
    lines: [
      '0 +trunk',
      '1 queue Q',
      '5 ring A',
      '5 divert Q A',
      '8 answer A',
      '12 hold A',
      '15 answer A',
      '30 -A',
      '30 -trunk',
    ],
  },
  {
    name: 'direct call',
    callType: 'Inbound',
    lines: ['0 +trunk', '1 ring A', '4 answer A', '20 -A', '20 -trunk'],
  },
  {
    name: 'given up in the queue',
    callType: 'Inbound',
    lines: ['0 +trunk', '1 queue Q', '25 abandon Q', '25 -trunk'],
  },
  {
    name: 'no answer, then another agent',
    callType: 'Inbound',
    lines: [
      '0 +trunk',
      '1 queue Q',
      '3 ring A',
      '3 divert Q A',
      '9 -A',
      '9 queue Q',
      '11 ring B',
      '11 divert Q B',
      '14 answer B',
      '30 -B',
      '30 -trunk',
    ],
  },
  {
    name: 'blind transfer to a queue',
    callType: 'Inbound',
    lines: [
      '0 +trunk',
      '1 ring A',
      '3 answer A',
      '12 -A',
      '12 queue S',
      '14 ring B',
      '14 divert S B',
      '17 answer B',
      '30 -B',
      '30 -trunk',
    ],
  },
  {
    name: 'consult and transfer',
    callType: 'Inbound',
    lines: [
      '0 +trunk',
      '1 ring A',
      '3 answer A',
      '8 hold A',
      'K 9 +A',
      'K 10 ring B',
      'K 13 answer B',
      '18 -A',
      'K 18 -A',
      'K 18 -B',
      '18 +B',
      '30 -B',
      '30 -trunk',
    ],
  },
  {
    name: 'agent without a user',
    callType: 'Inbound',
    lines: ['0 +trunk', '1 ring stranger', '4 answer stranger', '20 -stranger', '20 -trunk'],
  },
  {
    name: 'dialled by hand',
    callType: 'Outbound',
    lines: ['0 +A', '0 ring trunk', '6 answer trunk', '30 -A', '30 -trunk'],
  },
];

const ends: Readonly<Record<string, CallEvent['event']>> = {
  divert: 'EventDiverted',
  abandon: 'EventAbandoned',
  queue: 'EventQueued',
};

/** The call events of a scenario that began at this time. */
export function eventsOf(
  { callType, lines }: Scenario,
  { callUUID, startMs }: { readonly callUUID: string; readonly startMs: number },
): CallEvent[] {
  const consult = `${callUUID.slice(0, -1)}K`;
  const isConsult = (line: Line) => line.startsWith('K ');
  const told = lines.map((line) =>
    eventOf(line, { callUUID: isConsult(line) ? consult : callUUID, startMs }),
  );
  const calls = lines.some(isConsult) ? [callUUID, consult] : [callUUID];
  const around = calls.flatMap((id): CallEvent[] => {
    const own = told.filter((event) => event.callUUID === id).map(({ timeMs }) => timeMs);
    const created = {
      event: 'EventCallCreated',
      callUUID: id,
      timeMs: Math.min(...own) - 10,
    } as const;
    return [
      id === consult && calls.length > 1
        ? { ...created, eventId: 'created', callType: 'Consult', parentCallUUID: callUUID }
        : { ...created, eventId: 'created', callType, ani: '+15555550100', dnis: '+15555550199' },
      {
        event: 'EventCallDeleted',
        eventId: 'deleted',
        callUUID: id,
        timeMs: Math.max(...own) + 10,
      },
    ];
  });
  return [...told, ...around];
}

function eventOf(
  line: Line,
  { callUUID, startMs }: { readonly callUUID: string; readonly startMs: number },
): CallEvent {
  const [second = '0', what = '', who = '', target = ''] = line.replace(/^K /, '').split(' ');
  const common = { callUUID, timeMs: startMs + Number(second) * 1000, eventId: line };
  if (what in ends) {
    const queue = cast.queues[who as keyof typeof cast.queues];
    const event = ends[what] ?? 'EventQueued';
    const diverted = target === '' ? {} : { thirdPartyDN: dnOf(target) };
    return { ...common, event, thisDN: queue, thisQueue: queue, ...diverted };
  }
  const name = what.startsWith('+') || what.startsWith('-') ? what.slice(1) : who;
  const party = partyOf(name);
  if (what.startsWith('-')) return { ...common, event: 'EventCallPartyDeleted', ...party };
  if (what.startsWith('+'))
    return { ...common, event: 'EventCallPartyAdded', ...party, partyState: 'established' };
  if (what === 'ring')
    return { ...common, event: 'EventCallPartyAdded', ...party, partyState: 'ringing' };
  const partyState = what === 'hold' ? 'held' : 'established';
  return { ...common, event: 'EventCallPartyState', ...party, partyState };
}

const dnOf = (name: string) => (name === 'trunk' ? cast.trunk : `9${name}`);

function partyOf(name: string) {
  if (name === 'trunk') return { thisDN: dnOf(name), partyType: 'trunk' } as const;
  const agentId = cast.agents[name as keyof typeof cast.agents];
  return { thisDN: dnOf(name), partyType: 'agent', agentId } as const;
}
