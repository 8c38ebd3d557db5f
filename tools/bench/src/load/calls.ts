import { callIds, mediaIdOf, metadataBody, usualForm } from '@exrec/simulator';
import { eventsToken, mcpCredentials } from '../servers/collectors.js';
import { jsonPost } from './raw-connection.js';

const ids = callIds();
const startMs = Date.parse('2026-03-02T09:15:00Z');
const queue = { thisDN: 'VQ_TechSupport', thisQueue: 'VQ_TechSupport' } as const;
const agent = { thisDN: '7105', agentId: 'agent7105', partyType: 'agent' } as const;
const ani = '+4930555010';
const dnis = '8005550100';

/** A call through a queue to an agent, a second between two events. */
export const eventsOfACall = [
  { event: 'EventCallCreated', ani, dnis, callType: 'Inbound' },
  { event: 'EventCallPartyAdded', thisDN: '9001', partyType: 'trunk', partyState: 'established' },
  { event: 'EventCallDataChanged', userData: { language_code: 'de-DE', customer_id: '4711' } },
  { event: 'EventQueued', ...queue },
  { event: 'EventCallDataChanged', userData: { service: 'tech' } },
  { event: 'EventDiverted', ...queue, thirdPartyDN: '7105' },
  { event: 'EventCallPartyAdded', ...agent, partyState: 'ringing' },
  { event: 'EventCallPartyState', ...agent, partyState: 'established' },
  { event: 'EventCallPartyState', ...agent, partyState: 'held' },
  { event: 'EventCallPartyDeleted', ...agent },
] as const;
export const endOfACall = { event: 'EventCallDeleted' } as const;

/** The events of calls that run beside each other, mixed as a feed mixes them. */
export function callFeed(
  callUUIDs: readonly string[],
  events: readonly object[] = eventsOfACall,
): object[] {
  const calls = callUUIDs.map((callUUID) => ({ callUUID, connID: ids.connID() }));
  return events.flatMap((event, index) => {
    const time = new Date(startMs + index * 1_000).toISOString();
    return calls.map((call) => ({ ...call, ...event, time }));
  });
}

export function callEventsPost(feed: readonly object[]): Buffer {
  const headers = { authorization: `Bearer ${eventsToken}` };
  return jsonPost('/api/v1/call-events', JSON.stringify(feed), headers);
}

/** The metadata of one segment of a call, as MCP posts them. */
export function metadataPost(callUUID: string): Buffer {
  const segment = {
    mediaId: mediaIdOf({ callUUID, startMs }, 'current', ids),
    ...{ callUUID, connID: ids.connID(), ani, dnis },
    startMs: startMs + 7_000,
    durationMs: 300_000,
    recordDN: agent.thisDN,
    agentId: agent.agentId,
  };
  const file = { sizeBytes: 1_200_000, uri: `http://127.0.0.1/rec/${segment.mediaId}` };
  const { username, password } = mcpCredentials;
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const json = JSON.stringify(metadataBody(segment, file, usualForm));
  const headers = { authorization: `Basic ${basic}` };
  return jsonPost('/api/contact-centers/cc1/recordings', json, headers);
}
