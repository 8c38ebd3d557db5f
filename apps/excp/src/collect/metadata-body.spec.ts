import type { JsonObject } from '../interaction/index.js';
import { readMetadata, readMetadataBody } from './metadata-body.js';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';
const mediaId = `${callUUID}_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus`;
const mediaFile = {
  mediaId,
  callUUID,
  type: 'audio/opus',
  startTime: '2026-03-02T09:15:04Z',
  stopTime: '2026-03-02T09:18:31Z',
  duration: '207120',
  size: '828480',
  ivrprofile: 'record',
  parameters: {
    id: callUUID,
    ani: '+4930555010',
    dnis: '8005550100',
    recordDN: '7105',
    agentId: 'agent7105',
    custom: 7,
  },
  masks: [{ start: 1, stop: 2 }],
  somethingNew: { deep: ['kept'] },
};
const envelope = {
  id: callUUID,
  callerPhoneNumber: '+4930555099',
  dialedPhoneNumber: '8005550199',
  callType: 'Outbound',
  mediaFiles: [mediaFile],
  eventHistory: [
    {
      occurredAt: '2026-03-02T09:15:04.000+0000',
      calluuid: callUUID,
      event: 'Joined',
      contact: { type: 'User', phoneNumber: '7105', userName: 'a@example.com' },
    },
    {
      occurredAt: '2026-03-02T09:15:05.000+0000',
      event: 'Data',
      data: { added: { a: '1' }, deleted: ['b'] },
    },
    { occurredAt: '2026-03-02T09:15:06.000+0000', event: 'Data', data: { c: '2' } },
    { occurredAt: 'never', event: 'Left', contact: { phoneNumber: '7105' } },
    'nonsense',
  ],
};

const read = (body: unknown) => readMetadataBody(Buffer.from(JSON.stringify(body)));
const readText = (text: string) => readMetadataBody(Buffer.from(text));
const without = (...fields: string[]): JsonObject =>
  Object.fromEntries(Object.entries(mediaFile).filter(([key]) => !fields.includes(key)));
const readOne = (changes: Record<string, unknown>, ...left: string[]) =>
  read({ ...without(...left), ...changes });
const segmentOf = (reading: ReturnType<typeof read>) => {
  expect(reading.rejected).toEqual([]);
  return reading.accepted[0]!;
};

describe('readMetadataBody', () => {
  it('reads an envelope and keeps everything as it came', () => {
    const segment = segmentOf(read(envelope));
    const { mediaFiles, ...rest } = envelope;
    expect(segment).toEqual({
      mediaId,
      callUUID,
      source: 'mcp',
      startMs: Date.UTC(2026, 2, 2, 9, 15, 4),
      stopMs: Date.UTC(2026, 2, 2, 9, 18, 31),
      durationMs: 207_120,
      sizeBytes: 828_480,
      contentType: 'audio/opus',
      agentId: 'agent7105',
      recordDN: '7105',
      ani: '+4930555010',
      dnis: '8005550100',
      callType: 'Outbound',
      parameters: { ...mediaFile.parameters, custom: '7' },
      masks: mediaFile.masks,
      history: [
        {
          kind: 'joined',
          atMs: Date.UTC(2026, 2, 2, 9, 15, 4),
          callUUID,
          contactType: 'agent',
          dn: '7105',
          userName: 'a@example.com',
        },
        {
          kind: 'data',
          atMs: Date.UTC(2026, 2, 2, 9, 15, 5),
          callUUID,
          userData: { a: '1', b: null },
        },
        { kind: 'data', atMs: Date.UTC(2026, 2, 2, 9, 15, 6), callUUID, userData: { c: '2' } },
      ],
      raw: mediaFiles[0],
      envelope: rest,
    });
  });

  it('takes the numbers of the envelope when the media file has none', () => {
    const segment = segmentOf(read({ ...envelope, mediaFiles: [without('parameters')] }));
    expect(segment).toMatchObject({ ani: '+4930555099', dnis: '8005550199', parameters: {} });
  });

  it('reads a bare media file, and an array of both kinds, in order', () => {
    expect(read(mediaFile).accepted).toHaveLength(1);
    const { accepted } = read([
      { ...mediaFile, mediaId: 'a' },
      {
        ...envelope,
        mediaFiles: [
          { ...mediaFile, mediaId: 'b' },
          { ...mediaFile, mediaId: 'c' },
        ],
      },
    ]);
    expect(accepted.map((segment) => segment.mediaId)).toEqual(['a', 'b', 'c']);
  });

  it('takes the good items of a batch and names the bad ones without their values', () => {
    const bad = { ...mediaFile, mediaId: 'bad.opus', startTime: '+4930555010', stopTime: '' };
    const reading = read([
      mediaFile,
      { ...envelope, mediaFiles: [mediaFile, bad, { ...mediaFile, mediaId: '../x' }] },
      'secret',
    ]);
    expect(reading.accepted).toHaveLength(2);
    expect(reading.rejected).toEqual([
      {
        index: 2,
        mediaId: 'bad.opus',
        reason: 'startTime is not a time with a zone, of the years 2000 to 2099',
        pointer: '/1/mediaFiles/1/startTime',
      },
      {
        index: 3,
        mediaId: undefined,
        reason: 'mediaId is not a plain file name of 1 to 255 characters',
        pointer: '/1/mediaFiles/2/mediaId',
      },
      { index: 4, mediaId: undefined, reason: 'is not an object', pointer: '/2' },
    ]);
  });

  const other = '02AB7QK3D4FH59LMN0PQ6RSTUV000099';
  it.each([
    ['callUUID', { callUUID, callUuid: other }, callUUID],
    ['callUuid', { callUuid: other }, other],
    ['parameters.id', { parameters: { id: other, callUuid: callUUID } }, other],
    ['parameters.callUuid', { parameters: { callUuid: other } }, other],
    [
      'parameters.callUuid, as parameters.id is of another kind',
      { parameters: { id: 'rec-1', callUuid: other } },
      other,
    ],
    ['the first 32 characters of mediaId', {}, callUUID],
    [
      'parameters.id of any length, if nothing better is there',
      { mediaId: 'x.opus', parameters: { id: 'rec-1' } },
      'rec-1',
    ],
  ])('finds the call in %s', (_name, changes, expected) => {
    expect(segmentOf(readOne(changes, 'callUUID', 'parameters')).callUUID).toBe(expected);
  });

  it("finds the call in the envelope's id, before the file's name", () => {
    const segment = segmentOf(read({ id: other, mediaFiles: [without('callUUID', 'parameters')] }));
    expect(segment.callUUID).toBe(other);
  });

  it.each([
    ['milliseconds', '207120', 207_120],
    ['a number', 207120, 207_120],
    ['decimal seconds', '207.12', 207_120],
    ['whole seconds', 207, 207_000],
    ['nothing', '', 207_000],
    ['null', null, 207_000],
  ])('reads a duration in %s', (_name, duration, expected) => {
    expect(segmentOf(readOne({ duration })).durationMs).toBe(expected);
  });

  it.each([
    ['0.4', 400],
    ['400', 400],
    ['1', 1000],
    ['0', 0],
  ])('reads the duration %s of a recording whose times are in one second', (duration, expected) => {
    expect(segmentOf(readOne({ duration, stopTime: mediaFile.startTime })).durationMs).toBe(
      expected,
    );
  });

  it('completes the end from the duration, and the start from dateTime', () => {
    const startMs = Date.UTC(2026, 2, 2, 9, 15, 4);
    expect(segmentOf(readOne({}, 'stopTime')).stopMs).toBe(startMs + 207_120);
    expect(segmentOf(readOne({ duration: '207.12' }, 'stopTime')).stopMs).toBe(startMs + 207_120);
    const parameters = { dateTime: '2026-03-02T09:15:04Z' };
    expect(segmentOf(readOne({ parameters }, 'startTime')).startMs).toBe(startMs);
  });

  it.each([
    [{ stopTime: '2026-04-02T09:15:03Z' }, 'stopTime'],
    [{ stopTime: '2026-03-02T09:15:01Z' }, 'stopTime'],
    [{ stopTime: '', duration: '' }, 'stopTime'],
    [{ stopTime: '2026-03-02 09:18:31', duration: 'n/a' }, 'stopTime'],
    [{ startTime: '2026-03-02T09:15:04', duration: '' }, 'startTime'],
    [{ startTime: null, duration: 'n/a' }, 'startTime'],
    [{ stopTime: null, duration: '-5' }, 'duration'],
    [{ stopTime: null, duration: '207', size: '' }, 'duration'],
    [{ stopTime: null, duration: '99999999999' }, 'duration'],
    [{ mediaId: '' }, 'mediaId'],
    [{ mediaId: 7 }, 'mediaId'],
    [{ mediaId: 'x.opus', callUUID: 'a/b', parameters: {} }, 'callUUID'],
  ])('refuses %j by naming %s', (changes, field) => {
    const reading = readOne(changes);
    expect(reading.accepted).toEqual([]);
    expect(reading.rejected).toMatchObject([
      { index: 0, pointer: `/${field}`, reason: expect.stringMatching(`^${field} `) },
    ]);
  });

  it.each([
    ['one key twice', '"note":1,"note":2', 'has an object with one key twice'],
    ['too deep', `"note":${'['.repeat(40)}${']'.repeat(40)}`, 'is nested deeper than 32 levels'],
  ])('takes the others of an array when an item has %s', (_name, bad, reason) => {
    const good = (id: string) => JSON.stringify({ ...mediaFile, mediaId: id });
    const badOne = good('bad.opus').replace('"somethingNew"', `${bad},"somethingNew"`);
    const inArray = readText(`[${good('a')},${badOne},${good('b')}]`);
    expect(inArray.accepted.map((segment) => segment.mediaId)).toEqual(['a', 'b']);
    expect(inArray.rejected).toEqual([{ index: 1, mediaId: undefined, reason, pointer: '/1' }]);
    const inEnvelope = readText(`[0,{"id":"x","mediaFiles":[${badOne},${good('b')},${badOne}]}]`);
    expect(inEnvelope.accepted.map((segment) => segment.mediaId)).toEqual(['b']);
    expect(inEnvelope.rejected).toMatchObject([
      { index: 0, pointer: '/0' },
      { index: 1, reason, pointer: '/1/mediaFiles/0' },
      { index: 3, reason, pointer: '/1/mediaFiles/2' },
    ]);
  });

  it.each([
    ['not JSON', Buffer.from('{"mediaId":'), 'the body is not JSON'],
    ['nothing', Buffer.alloc(0), 'the body is not JSON'],
    ['latin-1', Buffer.from('{"mediaId":"M\xfcller"}', 'latin1'), 'the body is not UTF-8'],
    [
      'a key twice',
      Buffer.from('{"mediaId":"a","media\\u0049d":"b"}'),
      'the body has an object with one key twice',
    ],
    ['a depth bomb', Buffer.from('['.repeat(500_000)), 'the body is nested deeper than 32 levels'],
    [
      'an object that is a depth bomb',
      Buffer.from(`{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`),
      'the body is nested deeper than 32 levels',
    ],
    ['an empty array', Buffer.from('[]'), 'the body names no media file'],
    [
      'an empty envelope',
      Buffer.from('{"id":"x","mediaFiles":[]}'),
      'the body names no media file',
    ],
  ])('refuses a body that is %s', (_name, body, reason) => {
    expect(readMetadataBody(body)).toEqual({
      accepted: [],
      rejected: [{ index: 0, reason, pointer: '' }],
      tooLarge: false,
    });
  });

  it('refuses more than 1000 media files, and a large envelope repeated by many', () => {
    expect(read(Array.from({ length: 1001 }, () => 0))).toMatchObject({
      accepted: [],
      tooLarge: true,
    });
    expect(read(Array.from({ length: 1000 }, () => 0))).toMatchObject({ tooLarge: false });
    const mediaFiles = Array.from({ length: 900 }, () => mediaFile);
    expect(read({ record: 'x'.repeat(10_000), mediaFiles })).toMatchObject({
      accepted: [],
      tooLarge: true,
    });
  });

  it('is not impressed by names of JavaScript', () => {
    const text = JSON.stringify({ ...mediaFile, parameters: {} }).replace(
      '"parameters":{}',
      '"parameters":{"__proto__":"a","constructor":"b"},"__proto__":{"polluted":1}',
    );
    const segment = segmentOf(readText(text));
    expect(Object.getPrototypeOf(segment.parameters)).toBe(Object.prototype);
    expect(Object.entries(segment.parameters)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(JSON.stringify(segment.raw)).toContain('"__proto__":{"polluted":1}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(segmentOf(readOne({}, 'parameters'))).toMatchObject({
      agentId: undefined,
      recordDN: undefined,
    });
  });

  it('accepts a byte order mark and line breaks', () => {
    expect(readText(`\uFEFF${JSON.stringify(mediaFile, null, 2)}\r\n`).accepted).toHaveLength(1);
  });
});

describe('readMetadata', () => {
  it('takes no size and type from RWS, which speaks of another file than ours', () => {
    const { accepted } = readMetadata({ ...mediaFile, size: 'unknown' }, 'rws');
    expect(accepted).toMatchObject([{ mediaId, source: 'rws', durationMs: 207_120 }]);
    expect(accepted[0]).not.toHaveProperty('sizeBytes');
    expect(accepted[0]).not.toHaveProperty('contentType');
  });
});
