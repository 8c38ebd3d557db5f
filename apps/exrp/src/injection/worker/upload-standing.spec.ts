import { UploadStanding } from './upload-standing.js';

const minuteMs = 60_000;

it('is degraded when nothing has succeeded for ten minutes, with the latest cause', () => {
  let nowMs = Date.parse('2026-03-02T10:00:00Z');
  const standing = new UploadStanding(() => nowMs);
  standing.failed('upload-failed', 'S3 answered 503 SlowDown');
  nowMs += 10 * minuteMs - 1;
  standing.failed('gc-unauthorized', 'POST /oauth/token: 400 invalid_client');
  expect(standing.check()).toBeUndefined();
  nowMs += 1;
  expect(standing.check()?.degraded).toBe(
    'no upload has succeeded since 2026-03-02T10:00:00.000Z: gc-unauthorized POST /oauth/token: 400 invalid_client',
  );
  standing.succeeded();
  expect(standing.check()).toBeUndefined();
});

it('says nothing of what is wrong with single files', () => {
  let nowMs = 0;
  const standing = new UploadStanding(() => nowMs);
  for (const cause of ['audio-missing', 'audio-incomplete', 'gc-rejected', 'poison'])
    standing.failed(cause);
  nowMs += 60 * minuteMs;
  expect(standing.check()).toBeUndefined();
});
