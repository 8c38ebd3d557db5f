import { startRequestRecorder, type RequestRecorder } from '../../test/request-recorder.js';
import type { CallEvent } from './call-event.js';
import { postCallEvents, type CallEventForm } from './post-call-events.js';
import { shuffled } from './shuffled.js';

const events = ['1', '2', '3'].map((second): CallEvent => {
  return { event: 'EventCallDataChanged', time: `2026-03-02T09:15:0${second}.000Z`, callUUID: 'C' };
});

let excp: RequestRecorder;
beforeEach(async () => {
  excp = await startRequestRecorder(() => 202);
});
afterEach(() => excp.stop());

it.each<[CallEventForm, string, string[]]>([
  ['single', 'application/json', events.map((event) => JSON.stringify(event))],
  ['array', 'application/json', [JSON.stringify(events)]],
  [
    'ndjson',
    'application/x-ndjson',
    [events.map((event) => `${JSON.stringify(event)}\n`).join('')],
  ],
])('posts events in the form %s with the token', async (form, contentType, bodies) => {
  const answers = await postCallEvents(events, { url: excp.url, token: 'feed-token' }, form);
  expect(excp.requests.map(({ body }) => body.toString())).toEqual(bodies);
  for (const { method, path, headers } of excp.requests) {
    expect([method, path]).toEqual(['POST', '/api/v1/call-events']);
    expect(headers).toMatchObject({
      'content-type': contentType,
      authorization: 'Bearer feed-token',
    });
  }
  expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 202));
});

it('posts nothing when there is nothing to tell, and no token when there is none', async () => {
  await postCallEvents([], { url: excp.url });
  expect(excp.requests).toEqual([]);
  await postCallEvents(events, { url: excp.url });
  expect(excp.requests[0]!.headers).not.toHaveProperty('authorization');
});

it('shuffles without losing anything, and the same way for the same seed', () => {
  const items = Array.from({ length: 20 }, (_, index) => index);
  const mixed = shuffled(items, 'seed');
  expect(mixed).not.toEqual(items);
  expect([...mixed].sort((left, right) => left - right)).toEqual(items);
  expect(shuffled(items, 'seed')).toEqual(mixed);
  expect(shuffled(items, 'other')).not.toEqual(mixed);
});
