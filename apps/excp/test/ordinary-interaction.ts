import { randomBytes, randomInt } from 'node:crypto';
import { readCallEvents, readMetadata } from '../src/collect/index.js';
import type { LogEntry } from '../src/interaction/index.js';

const hex = (bytes: number) => randomBytes(bytes).toString('hex').toUpperCase();

/** An ordinary queue call to one agent as it is really received: 13 events and one media file, all of it drawn anew. */
export function ordinaryInteraction(startMs: number): {
  callUUID: string;
  mediaId: string;
  entries: LogEntry[];
} {
  const callUUID = hex(16);
  const connID = hex(8).toLowerCase();
  const dn = String(7_000 + randomInt(1_000));
  const queue = `VQ_Queue${randomInt(40)}`;
  const ani = `+4930${randomInt(1e6, 9e6)}`;
  let atMs = startMs + randomInt(1_000);
  const event = (kind: string, afterMs: number, more: object = {}) => {
    atMs += afterMs === 0 ? 0 : randomInt(1, afterMs);
    return { event: kind, time: new Date(atMs).toISOString(), callUUID, connID, ...more };
  };
  const queueParty = { thisDN: queue, partyType: 'queue' };
  const inQueue = { thisDN: queue, thisQueue: queue };
  const agent = { thisDN: dn, agentId: `agent${dn}`, partyType: 'agent' };
  const language = ['de-DE', 'en-US', 'fr-FR'][randomInt(3)];
  const events = [
    event('EventCallCreated', 0, { callType: 'Inbound', ani, dnis: '8005550100' }),
    event('EventCallPartyAdded', 300, queueParty),
    event('EventQueued', 0, inQueue),
    event('EventCallDataChanged', 900, {
      userData: { language_code: language, service: 'support', priority: '5' },
    }),
    event('EventDiverted', 30_000, { ...inQueue, thirdPartyDN: dn }),
    event('EventCallPartyDeleted', 0, queueParty),
    event('EventCallPartyAdded', 500, { ...agent, partyState: 'ringing' }),
    event('EventCallPartyState', 9_000, { ...agent, partyState: 'established' }),
    event('EventUserEvent', 0, { thisDN: dn, userData: { participants: [dn] } }),
  ];
  const startedMs = atMs + randomInt(400);
  events.push(
    event('EventCallPartyState', 90_000, { ...agent, partyState: 'held' }),
    event('EventCallPartyState', 30_000, { ...agent, partyState: 'established' }),
    event('EventCallPartyDeleted', 90_000, agent),
    event('EventCallDeleted', 200),
  );
  const file = mediaFileOf({ callUUID, connID, dn, ani, startedMs, stoppedMs: atMs });
  const body = Buffer.from(JSON.stringify(events));
  const readEvents = readCallEvents(body, 'json').accepted.map(
    (item) => ({ kind: 'event', event: item }) as const,
  );
  const envelope = { id: callUUID, callerPhoneNumber: ani, dialedPhoneNumber: '8005550100' };
  const segments = readMetadata({ ...envelope, mediaFiles: [file], eventHistory: [] }, 'mcp');
  const entries = segments.accepted.map((segment) => ({ kind: 'segment', segment }) as const);
  return { callUUID, mediaId: file.mediaId, entries: [...readEvents, ...entries] };
}

type Told = {
  readonly callUUID: string;
  readonly connID: string;
  readonly dn: string;
  readonly ani: string;
  readonly startedMs: number;
  readonly stoppedMs: number;
};

function mediaFileOf({ callUUID, connID, dn, ani, startedMs, stoppedMs }: Told) {
  const start = new Date(startedMs).toISOString();
  const stamp = start.slice(0, 19).replace('T', '_').replaceAll(':', '-');
  const mediaId = `${callUUID}_${stamp}-${hex(4)}-${hex(4)}-${hex(4)}.opus`;
  return {
    mediaId,
    mediaUri: `http://webdav.example.com/rec/${mediaId}`,
    type: 'audio/opus',
    startTime: start.replace('Z', '+0000'),
    stopTime: new Date(stoppedMs).toISOString().replace('Z', '+0000'),
    duration: String(stoppedMs - startedMs),
    size: String((stoppedMs - startedMs) * 4 + randomInt(4_000)),
    tenant: 'Environment',
    ivrprofile: 'record',
    parameters: {
      id: callUUID,
      ani,
      dnis: '8005550100',
      connId: connID,
      dateTime: `${start.slice(0, 19)}Z`,
      recordDN: dn,
      agentId: `agent${dn}`,
    },
    masks: [],
    partitions: [],
    accessgroups: [],
  };
}
