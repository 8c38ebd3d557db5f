import { strict as assert } from 'node:assert';
import { Failure } from '@exrec/service-kit';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { readSegment, segmentText } from '../../src/call-log/entry-text.js';
import { readJson } from '../../src/collect/index.js';
import { isJsonObject } from '../../src/interaction/index.js';
import { readRecording } from '../../src/rws/rws-recording.js';
import { searchRows } from '../../src/rws/search-rows.js';
import { mediaFile } from '../sample-call.js';
import { useAll } from './conversation.js';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';
const recording = {
  id: callUUID,
  callerPhoneNumber: '+4930555010',
  mediaFiles: [
    { ...mediaFile(callUUID), mediaId: `${callUUID}_a.mp3`, type: 'audio/mp3' },
    { mediaId: 'screen.mp4', type: 'video/mp4' },
  ],
  eventHistory: [
    {
      ...{ occurredAt: '2026-03-02T09:15:01.000Z', calluuid: callUUID, event: 'Joined' },
      contact: { type: 'User', phoneNumber: '7105', userName: 'agent7105' },
    },
    { occurredAt: '2026-03-02T09:15:02.000Z', data: { deleted: ['language_code'] } },
  ],
};
const first = new URL('http://rws.test/api/v2/recordings?startTime=x');

/** Answers of RWS, of one recording and of a search: read, or refused by a failure that is tried again. */
export const target: FuzzTarget = {
  name: 'rws-answers',
  corpus: [
    JSON.stringify({ statusCode: 0, recording }),
    JSON.stringify(recording),
    JSON.stringify({
      statusCode: 0,
      recordings: [recording],
      nextUri: '/api/v2/recordings?offset=1',
    }),
    JSON.stringify({ statusCode: 0, uris: [`http://other/api/v2/recordings/${callUUID}`] }),
    JSON.stringify({ statusCode: 3, errorMessage: 'NOT_FOUND' }),
  ],
  words: [
    ...[
      'recording',
      'recordings',
      'uris',
      'nextUri',
      'links',
      'next',
      'mediaFiles',
      'eventHistory',
    ],
    ...['occurredAt', 'contact', 'data', 'added', 'deleted', 'updated', 'Left', 'video/mp4', 'id'],
    ...['http://', '//x', '?offset=', '%2F', '},{', '2026-03-02T09:15:30Z', 'mediaId', 'calluuid'],
  ],
  check: async (input) => {
    const json = readJson(input);
    if (!json.ok) return;
    const { segments, rejected } = readRecording(json.value, '{stem}.opus');
    for (const segment of segments) {
      assert.match(segment.mediaId, /\.opus$/);
      assert.equal(readSegment(segmentText(segment)).mediaId, segment.mediaId);
    }
    for (const { reason } of rejected) assert.ok(reason.length < 200, reason);
    useAll(segments.map((segment) => ({ kind: 'segment', segment })));
    const body = json.value;
    if (!isJsonObject(body)) return;
    let asked = 0;
    // The first page is the input, what follows is empty.
    const get = () => {
      asked += 1;
      return Promise.resolve({ body: asked === 1 ? body : { recordings: [] }, headers: {} });
    };
    try {
      for await (const row of searchRows({ first, get })) assert.ok(row.kind);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      assert.equal(error.retry, 'later');
    }
    assert.ok(asked < 5);
  },
};
