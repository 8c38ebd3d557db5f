import { caseFile } from '@exrec/testing';
import { assertWhole } from './audio-verdict.js';
import { OggOpusInspector } from './ogg-opus-inspector.js';

/** Each is a call of a second, or of 18 s of which no pause was recorded, and whole. */
it.each([
  ['ogg-duration', 'start-granule-one-hour.opus', 1_000, []],
  ['ogg-duration', 'eos-on-empty-page-granule-0.opus', 1_000, []],
  // Its positions do not tell how much of the last packet is padding.
  ['ogg-duration', 'all-granules-0.opus', 1_014, []],
  ['ogg-extra-bytes-and-streams', '128-bytes-after-the-end.opus', 1_000, ['bytes-after-end']],
  ['ogg-extra-bytes-and-streams', 'nul-bytes-after-the-end.opus', 1_000, ['bytes-after-end']],
  ['ogg-extra-bytes-and-streams', 'cover-stream-first.opus', 1_000, []],
  ['ogg-extra-bytes-and-streams', 'skeleton-first.opus', 1_000, []],
  ['duration-without-size', 'audio-18-s.opus', 18_000, []],
] as const)('%s: %s', (folder, name, durationMs, flags) => {
  const inspector = new OggOpusInspector();
  inspector.update(caseFile(folder, name));
  const verdict = inspector.finish();
  expect(verdict).toEqual({ kind: 'opus', channels: 2, durationMs, flags });
  expect(() => assertWhole(verdict, false)).not.toThrow();
});
