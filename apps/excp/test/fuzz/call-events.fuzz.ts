import { strict as assert } from 'node:assert';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { eventText, readEvent } from '../../src/call-log/entry-text.js';
import { readCallEvents } from '../../src/collect/index.js';
import { canonicalJson } from '../../src/interaction/index.js';
import { queueCallEvents } from '../sample-call.js';
import { useAll } from './conversation.js';

const events = queueCallEvents('02AB7QK3D4FH59LMN0PQ6RSTUV000017');
const consult = {
  ...{ event: 'EventCallCreated', time: '2026-03-02T09:15:30.000Z', callType: 'Consult' },
  callUUID: '02AB7QK3D4FH59LMN0PQ6RSTUV000018',
  parentCallUUID: '02AB7QK3D4FH59LMN0PQ6RSTUV000017',
};

/** Call events in any form: what is taken can be kept, read again, folded and told to Genesys Cloud. */
export const target: FuzzTarget = {
  name: 'call-events',
  corpus: [
    JSON.stringify(events),
    JSON.stringify(events[0]),
    [...events, consult].map((event) => JSON.stringify(event)).join('\n'),
    JSON.stringify([
      ...events,
      consult,
      { ...events[2], userData: { a: null, participants: '7105' } },
    ]),
  ],
  words: [
    ...['event', 'time', 'callUUID', 'connID', 'thisDN', 'thisQueue', 'thirdPartyDN', 'agentId'],
    ...[
      'partyType',
      'partyState',
      'userData',
      'parentCallUUID',
      'callType',
      'ctrlParty',
      'eventId',
    ],
    ...[
      'EventCallCreated',
      'EventQueued',
      'EventDiverted',
      'EventCallPartyAdded',
      'EventAbandoned',
    ],
    ...['EventCallPartyDeleted', 'EventUserEvent', 'EventCallDeleted', 'Consult', 'Internal'],
    ...['held', 'established', 'trunk', 'queue', 'other', '},{', '}\n{', '2026-03-02T09:15:30Z'],
  ],
  check: (input) => {
    const readings = [readCallEvents(input, 'json'), readCallEvents(input, 'ndjson')];
    for (const { accepted, rejected } of readings) {
      for (const event of accepted) {
        const { name, text } = eventText(event);
        const { kind, ...kept } = readEvent(event.callUUID, name, text);
        assert.equal(kind, 'event');
        assert.equal(canonicalJson(kept), canonicalJson({ event }));
      }
      for (const { reason } of rejected) assert.ok(reason.length < 200, reason);
      useAll(accepted.map((event) => ({ kind: 'event', event })));
    }
  },
};
