import { callEventsOf } from './call-events-of.js';
import type { ScriptedCall } from './scripted-call.js';

const startMs = Date.parse('2026-03-02T09:15:00Z');
const at = (seconds: number) => startMs + seconds * 1000;

const call: ScriptedCall = {
  callUUID: '02AB7QK3D4FH59LMN0PQ6RSTUV000017',
  connID: '00730a1b2c3d4e5f',
  callType: 'Inbound',
  ani: '+4930555010',
  dnis: '8005550100',
  startMs,
  endMs: at(60),
  userData: { language_code: 'de-DE' },
  happenings: [
    { kind: 'party', dn: 'Trunk_SBC1', partyType: 'trunk', fromMs: startMs, untilMs: at(60) },
    { kind: 'queue', queue: 'VQ_Sales', fromMs: at(2), untilMs: at(10), toDn: '7105' },
    {
      ...{ kind: 'party', dn: '7105', partyType: 'agent', agentId: 'agent7105' },
      ...{ ringingMs: at(10), fromMs: at(13), untilMs: at(59) },
      holds: [{ fromMs: at(30), untilMs: at(35) }],
    },
    { kind: 'data', atMs: at(40), userData: { language_code: null } },
  ],
};

function brief(calls: readonly ScriptedCall[]): string[] {
  return callEventsOf(calls).map(({ time, event, thisDN, thirdPartyDN, partyState }) => {
    const seconds = (Date.parse(time) - startMs) / 1000;
    return [seconds, event, thisDN, partyState, thirdPartyDN]
      .filter((part) => part !== undefined)
      .join(' ');
  });
}

it('tells a call in the order of time', () => {
  expect(brief([call])).toEqual([
    '0 EventCallCreated',
    '0 EventCallPartyAdded Trunk_SBC1 established',
    '2 EventCallPartyAdded VQ_Sales',
    '2 EventQueued VQ_Sales',
    '10 EventDiverted VQ_Sales 7105',
    '10 EventCallPartyDeleted VQ_Sales',
    '10 EventCallPartyAdded 7105 ringing',
    '13 EventCallPartyState 7105 established',
    '13 EventUserEvent 7105',
    '30 EventCallPartyState 7105 held',
    '35 EventCallPartyState 7105 established',
    '40 EventCallDataChanged',
    '59 EventCallPartyDeleted 7105',
    '60 EventCallPartyDeleted Trunk_SBC1',
    '60 EventCallDeleted',
  ]);
});

it('puts the call on every event, and the facts where they belong', () => {
  const events = callEventsOf([call]);
  for (const event of events) {
    expect(event).toMatchObject({ callUUID: call.callUUID, connID: call.connID });
  }
  expect(events[0]).toEqual({
    ...{ event: 'EventCallCreated', time: '2026-03-02T09:15:00.000Z', callType: 'Inbound' },
    ...{ callUUID: call.callUUID, connID: call.connID, ani: call.ani, dnis: call.dnis },
    userData: { language_code: 'de-DE' },
  });
  const ofKind = (kind: string) => events.filter(({ event }) => event === kind);
  expect(ofKind('EventCallDataChanged')).toMatchObject([{ userData: { language_code: null } }]);
  expect(ofKind('EventUserEvent')).toMatchObject([
    { userData: { participants: ['Trunk_SBC1', '7105'] } },
  ]);
  expect(ofKind('EventCallPartyState')[0]).toMatchObject({
    agentId: 'agent7105',
    partyType: 'agent',
  });
});

it('leaves out the agent when the caller gave up in the queue', () => {
  const abandoned: ScriptedCall = {
    ...call,
    happenings: [{ kind: 'queue', queue: 'VQ_Sales', fromMs: at(2), untilMs: at(50) }],
  };
  const diverted = callEventsOf([abandoned]).find(({ event }) => event === 'EventDiverted');
  expect(diverted).toMatchObject({ thisQueue: 'VQ_Sales' });
  expect(diverted).not.toHaveProperty('thirdPartyDN');
});

it('joins a consult call to its parent and tells both in one order of time', () => {
  const consult: ScriptedCall = {
    ...{ callUUID: 'CONSULT', connID: '1', callType: 'Consult', parentCallUUID: call.callUUID },
    ...{ ani: '7105', dnis: '7201', startMs: at(31), endMs: at(50), happenings: [] },
  };
  const events = callEventsOf([call, consult]);
  expect(events.filter(({ callUUID }) => callUUID === 'CONSULT')).toMatchObject([
    { event: 'EventCallCreated', callType: 'Consult', parentCallUUID: call.callUUID },
    { event: 'EventCallDeleted' },
  ]);
  const times = events.map(({ time }) => time);
  expect(times).toEqual([...times].sort());
});
