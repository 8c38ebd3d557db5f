import { strict as assert } from 'node:assert';
import { isMediaId } from '@exrec/gc-metadata';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { readSegment, segmentText } from '../../src/call-log/entry-text.js';
import { isCallUUID, readMetadataBody } from '../../src/collect/index.js';
import { pausesOf } from '../../src/interaction/index.js';
import { mediaFile } from '../sample-call.js';
import { useAll } from './conversation.js';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';
const file = mediaFile(callUUID, 'a', {
  masks: [{ time: '2026-03-02T09:15:20.000Z', type: 'pause' }],
});
const envelope = {
  id: callUUID,
  callerPhoneNumber: '+4930555010',
  dialedPhoneNumber: '8005550100',
  callType: 'Inbound',
  mediaFiles: [file, { ...mediaFile(callUUID, 'b'), parameters: { agentId: 'agent7106' } }],
  eventHistory: [
    {
      ...{ occurredAt: '2026-03-02T09:15:01.000Z', calluuid: callUUID, event: 'Joined' },
      contact: { type: 'User', phoneNumber: '7105', userName: 'agent7105' },
    },
    { occurredAt: '2026-03-02T09:15:02.000Z', data: { added: { language_code: 'de-DE' } } },
  ],
};
const weekMs = 7 * 24 * 3_600_000;

/** MCP's metadata: what is taken can be kept, read again and used; what is not says why without repeating it. */
export const target: FuzzTarget = {
  name: 'metadata',
  corpus: [
    JSON.stringify(envelope),
    JSON.stringify(file),
    JSON.stringify([envelope, file, null]),
    JSON.stringify({ ...file, duration: 60.5, startTime: '2026-03-02 09:15:10+0000' }, null, 1),
  ],
  words: [
    ...['mediaId', 'callUUID', 'startTime', 'stopTime', 'duration', 'size', 'parameters', 'masks'],
    ...['mediaFiles', 'eventHistory', 'type', '2026-03-02T09:15:04Z', '2026-03-02T09:15:03 +01:00'],
    ...['2026-02-30T25:61:61Z', '"60000"', '60.5', '-1', '1e3', '}{', '},{', '\\ud83d', 'Inbound'],
    ...['"dateTime":"2026-03-02T09:15:04Z",', '"callUuid"', '"masks":[', '9'.repeat(20)],
  ],
  check: (input) => {
    const { accepted, rejected } = readMetadataBody(input);
    for (const segment of accepted) {
      const { startMs, stopMs, durationMs } = segment;
      assert.ok(isMediaId(segment.mediaId) && isCallUUID(segment.callUUID));
      assert.ok(startMs <= stopMs && durationMs >= 0 && durationMs <= weekMs);
      assert.ok([startMs, stopMs, durationMs].every(Number.isSafeInteger));
      const kept = segmentText(segment);
      assert.equal(segmentText(readSegment(kept)), kept);
      assert.equal(JSON.stringify(readSegment(kept)), JSON.stringify(segment));
      pausesOf(segment);
    }
    for (const { reason, pointer } of rejected) {
      assert.ok(reason.length < 200, reason);
      assert.match(pointer, /^[/A-Za-z0-9]*$/);
    }
    useAll(accepted.map((segment) => ({ kind: 'segment', segment })));
  },
};
