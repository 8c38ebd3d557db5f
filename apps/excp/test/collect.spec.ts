import { recordingIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import { Redis } from 'ioredis';
import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

let stack: ExcpStack;
beforeAll(async () => {
  stack = await ExcpStack.start();
});
afterAll(() => stack.stop());

describe('the metadata POST', () => {
  it.each([
    ['as JSON', 'application/json'],
    ['as plain text', 'text/plain'],
    ['as a form, which it is not', 'application/x-www-form-urlencoded'],
  ])('takes a body sent %s', async (_name, type) => {
    const file = mediaFile(newCallUUID());
    const response = await stack.postMetadata(file, { headers: { 'content-type': type } });
    expect(response.status).toBe(200);
    const recordingId = recordingIdOf(file.mediaId);
    expect(response.data).toEqual({
      statusCode: 0,
      recordings: [{ mediaId: file.mediaId, recordingId, status: 'stored' }],
    });
  });

  it('knows a media file again, and says so when its metadata have changed before it was sent', async () => {
    const callUUID = newCallUUID();
    await stack.postEvents(queueCallEvents(callUUID).slice(0, 3));
    const statusOf = async (body: object): Promise<unknown> =>
      (await stack.postMetadata(body)).data.recordings[0].status;
    expect(await statusOf(mediaFile(callUUID))).toBe('stored');
    expect(await statusOf(mediaFile(callUUID))).toBe('duplicate');
    expect(await statusOf(mediaFile(callUUID, 'a', { size: '250000' }))).toBe('updated');
    await stack.end(callUUID);
    await stack.reaches(callUUID, 'finished');
    expect(stack.exrp.of(mediaFile(callUUID).mediaId)).toMatchObject([
      { expectedSizeBytes: 250_000 },
    ]);
    expect(await statusOf(mediaFile(callUUID, 'a', { size: '260000' }))).toBe('duplicate');
  });

  it('takes the good ones of a batch and says what is wrong with the others, in order', async () => {
    const callUUID = newCallUUID();
    const response = await stack.postMetadata([
      { mediaId: '../../etc/passwd' },
      mediaFile(callUUID, 'a'),
      { mediaId: 'no-times.opus', callUUID },
      mediaFile(callUUID, 'b'),
    ]);
    expect(response.status).toBe(200);
    const { recordings } = response.data;
    const statuses = ['rejected', 'stored', 'rejected', 'stored'];
    expect(recordings).toMatchObject(statuses.map((status) => ({ status })));
    expect(JSON.stringify(recordings)).not.toContain('passwd');
  });

  it('refuses with 400 when there is no room for any of it, and else says for which there is none', async () => {
    const [full, other] = [newCallUUID(), newCallUUID()];
    const redis = new Redis(stack.redis.url);
    await redis.hset(`{exrec}:call:${full}`, 'bytes', 32 * 1024 * 1024);
    redis.disconnect();
    const refused = await stack.postMetadata([mediaFile(full), { mediaId: '/' }]);
    expect(refused.status).toBe(400);
    expect(refused.data.errors).toHaveLength(2);
    const some = await stack.postMetadata([mediaFile(full), mediaFile(other)]);
    expect(some.status).toBe(200);
    expect(some.data.recordings).toMatchObject([{ status: 'rejected' }, { status: 'stored' }]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"mediaId":'],
    ['another kind of text', '<recording/>'],
    ['an empty list', '[]'],
    ['a number', '7'],
    ['latin-1 bytes', Buffer.from('{"mediaId":"M\xfcller.opus"}', 'latin1')],
    ['a depth bomb', '['.repeat(200_000)],
    ['a key twice', '{"mediaId":"a.opus","mediaId":"b.opus"}'],
    ['a prototype', '{"__proto__":{"mediaId":"a.opus"}}'],
  ])('refuses %s with 400 and a pointer', async (_name, body) => {
    const response = await stack.postMetadata(body);
    expect(response.status).toBe(400);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.data.errors[0]).toHaveProperty('pointer');
    expect(response.data.instance).toBe(response.headers['x-request-id']);
  });

  it('refuses a body larger than 1 MiB with 413', async () => {
    const response = await stack.postMetadata(
      mediaFile(newCallUUID(), 'a', { record: 'x'.repeat(1024 * 1024) }),
    );
    expect(response.status).toBe(413);
  });
});

describe('the call events', () => {
  it('takes one event, an array and lines, each event once', async () => {
    const events = queueCallEvents(newCallUUID()).slice(0, 4);
    const one = await stack.postEvents(events[0]);
    expect([one.status, one.data]).toEqual([202, { accepted: 1, duplicates: 0, rejected: [] }]);
    const array = await stack.postEvents(events.slice(0, 3));
    expect(array.data).toEqual({ accepted: 2, duplicates: 1, rejected: [] });
    const lines = await stack.postEvents(
      events.map((event) => JSON.stringify(event)).join('\r\n'),
      {
        headers: { 'content-type': 'application/x-ndjson; charset=utf-8' },
      },
    );
    expect(lines.data).toEqual({ accepted: 1, duplicates: 3, rejected: [] });
  });

  it('rejects bad events one by one, and a body of nothing but those as a whole', async () => {
    const [event] = queueCallEvents(newCallUUID());
    const mixed = await stack.postEvents([{ event: 'EventBogus' }, event]);
    expect(mixed.data).toMatchObject({ accepted: 1, rejected: [{ index: 0 }] });
    const bad = await stack.postEvents([{ event: 'EventBogus' }]);
    expect(bad.status).toBe(400);
    expect(bad.data.errors).toMatchObject([{ pointer: '/0/event' }]);
  });

  it('refuses more than 5,000 events with 413', async () => {
    const [event] = queueCallEvents(newCallUUID());
    const response = await stack.postEvents(Array.from({ length: 5_001 }, () => event));
    expect(response.status).toBe(413);
  });
});

describe('reading back', () => {
  it.each([
    '/api/v1/interactions',
    '/api/v1/interactions/x',
    '/api/v1/configuration',
    '/api/v1/schemas/gc-metadata',
  ])('needs the admin token for %s', async (path) => {
    expect((await stack.get(path, 'wrong')).status).toBe(401);
    expect((await stack.get(path)).status).not.toBe(401);
  });

  it('says 404 for a call that nobody ever heard of', async () => {
    expect((await stack.get(`/api/v1/interactions/${newCallUUID()}`)).status).toBe(404);
    expect((await stack.end(newCallUUID())).status).toBe(404);
    expect((await stack.get('/api/v1/interactions/..%2f..')).status).toBe(404);
  });

  it('lists interactions by state, page after page, each once', async () => {
    const open = Array.from({ length: 5 }, newCallUUID);
    for (const callUUID of open) await stack.postEvents(queueCallEvents(callUUID)[0]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { data } = await stack.get(`/api/v1/interactions?state=open&limit=2${query}`);
      expect(data.items.length).toBeLessThanOrEqual(2);
      const items = data.items as { interactionId: string }[];
      seen.push(...items.map((item) => item.interactionId));
      cursor = data.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(expect.arrayContaining(open));
    expect(new Set(seen).size).toBe(seen.length);
    expect((await stack.get('/api/v1/interactions?cursor=x')).status).toBe(400);
    expect((await stack.get('/api/v1/interactions?state=x')).status).toBe(400);
  });

  it('publishes the schema and describes its API', async () => {
    const schema = await stack.get('/api/v1/schemas/gc-metadata');
    expect(schema.data).toMatchObject({ title: 'GC-metadata, version 1' });
    const { data } = await stack.get('/openapi.json');
    expect(Object.keys(data.paths)).toContain('/api/v1/call-events');
  });
});

it('is still alive after all that', async () => {
  expect(stack.excp.exitCode()).toBeUndefined();
  await waitFor('readiness', async () => (await stack.get('/health/ready')).status === 200);
});
