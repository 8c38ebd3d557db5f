import { readMetadata } from './metadata-body.js';

const callUUID = '02AB7QK3D4FH59LMN0PQ6RSTUV000017';
const mediaFile = {
  mediaId: `${callUUID}_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus`,
  callUUID,
  startTime: '2026-03-02T09:15:04Z',
  stopTime: '2026-03-02T09:18:31Z',
  duration: '207120',
  size: '828480',
};
const joined = {
  occurredAt: '2026-03-02T09:15:04.000+0000',
  event: 'Joined',
  contact: { type: 'User', phoneNumber: '7105' },
};

function segmentOf(changes: object, envelope?: object) {
  const json = { ...mediaFile, ...changes };
  // Goes through JSON, as everything that is posted does.
  const body = JSON.stringify(envelope === undefined ? json : { ...envelope, mediaFiles: [json] });
  const { accepted, rejected } = readMetadata(JSON.parse(body) as never, 'mcp');
  expect(rejected).toEqual([]);
  return accepted[0];
}

describe('readMediaFile', () => {
  const startMs = Date.UTC(2026, 2, 2, 9, 15, 4);
  it.each([
    [
      { stopTime: '2026-03-02T09:15:03Z' },
      ['stop-before-start'],
      { stopMs: startMs, durationMs: 0 },
    ],
    [{ duration: 'n/a' }, ['duration-unreadable'], { durationMs: 207_000 }],
    [{ duration: '-5' }, ['duration-unreadable'], { durationMs: 207_000 }],
    [{ duration: '1e3' }, ['duration-unreadable'], { durationMs: 207_000 }],
    [{ duration: { ms: 5 } }, ['duration-unreadable'], { durationMs: 207_000 }],
    [{ size: -1 }, ['size-unreadable'], { sizeBytes: undefined }],
    [{ size: '1.5' }, ['size-unreadable'], { sizeBytes: undefined }],
    [{ size: 'unknown' }, ['size-unreadable'], { sizeBytes: undefined }],
    [{ size: [] }, ['size-unreadable'], { sizeBytes: undefined }],
    [{ stopTime: '2026-03-02T09:18:31' }, ['stop-unreadable'], { stopMs: startMs + 207_120 }],
    [{ stopTime: '3000-01-01T00:00:00Z' }, ['stop-unreadable'], { durationMs: 207_120 }],
    [{ startTime: 'soon' }, ['start-unreadable'], { startMs: startMs - 120, durationMs: 207_120 }],
    [{ startTime: null }, undefined, { startMs: startMs - 120, durationMs: 207_120 }],
    [{ startTime: '2026-03-02 09:15:04 Z' }, undefined, { startMs }],
    [{ startTime: ' 2026-03-02 09:15:04 +0000 ' }, undefined, { startMs }],
  ])('takes %j, for MCP does not repeat it, with the flags %j', (changes, flags, expected) => {
    const segment = segmentOf(changes);
    expect(segment).toMatchObject(expected);
    expect(segment?.flags).toEqual(flags);
  });

  it.each([
    ['207', '828480', 207_000],
    ['207120', '828480', 207_120],
    ['3600', '14400000', 3_600_000],
    ['3600', '14400', 3_600],
    ['36000', undefined, 36_000],
  ])('decides the unit of the duration %s without an end by the size %s', (duration, size, ms) => {
    expect(segmentOf({ duration, size, stopTime: null })?.durationMs).toBe(ms);
  });

  it('takes a call in lower case for the same', () => {
    const lower = callUUID.toLowerCase();
    expect(segmentOf({ callUUID: lower })?.callUUID).toBe(callUUID);
    const eventHistory = [{ ...joined, calluuid: lower }];
    expect(segmentOf({}, { id: callUUID, eventHistory })?.history).toMatchObject([{ callUUID }]);
  });
});
