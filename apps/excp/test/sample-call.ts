import { randomBytes } from 'node:crypto';

/** A callUUID that no other test uses. */
export function newCallUUID(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

const startMs = Date.UTC(2026, 2, 2, 9, 15);
const time = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();

/** A media file as MCP describes it. */
export function mediaFile(callUUID: string, name = 'a', more: object = {}) {
  return {
    mediaId: `${callUUID}_${name}.opus`,
    callUUID,
    type: 'audio/opus',
    startTime: time(10),
    stopTime: time(70),
    duration: '60000',
    size: '240000',
    parameters: {
      ani: '+4930555010',
      dnis: '8005550100',
      recordDN: '7105',
      agentId: 'agent7105',
      queue: 'VQ_TechSupport',
    },
    masks: [],
    ...more,
  };
}

/** The events of a call through one queue to one agent, from its creation to its end. */
export function queueCallEvents(callUUID: string, agent = '7105', queue = 'VQ_TechSupport') {
  const event = (kind: string, seconds: number, more: object = {}) => ({
    event: kind,
    time: time(seconds),
    callUUID,
    ...more,
  });
  const party = { thisDN: agent, agentId: `agent${agent}`, partyType: 'agent' };
  return [
    event('EventCallCreated', 0, { callType: 'Inbound', ani: '+4930555010', dnis: '8005550100' }),
    event('EventQueued', 1, { thisQueue: queue, thisDN: queue }),
    event('EventCallDataChanged', 2, { userData: { language_code: 'de-DE' } }),
    event('EventDiverted', 5, { thisQueue: queue, thisDN: queue, thirdPartyDN: agent }),
    event('EventCallPartyAdded', 6, { ...party, partyState: 'ringing' }),
    event('EventCallPartyState', 10, { ...party, partyState: 'established' }),
    event('EventCallPartyDeleted', 70, party),
    event('EventCallDeleted', 71),
  ];
}
