import { caseFile, oggOpusFile } from '@exrec/testing';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { strict as assert } from 'node:assert';
import { OggOpusInspector } from '../../src/audio/ogg-opus-inspector.js';
import { startsLikeHtml } from '../../src/audio/html.js';

const file = (name: string) => caseFile('ogg-extra-bytes-and-streams', name);

/** Audio of a recorder: a verdict that does not depend on the pieces in which the bytes come. */
export const target: FuzzTarget = {
  name: 'ogg',
  corpus: [
    oggOpusFile(150),
    oggOpusFile(2_000),
    file('skeleton-first.opus'),
    file('cover-stream-first.opus'),
    '<!-- a page -->',
  ],
  words: ['OggS', 'OggS\0', 'OpusHead', 'OpusTags', '\u0001', '\u0002', '\u0004', '<html>', '<!--'],
  check: (input) => {
    const whole = verdictOf(input, input.length || 1);
    assert.deepEqual(verdictOf(input, 61), whole);
    startsLikeHtml(input);
    if (whole.kind !== 'opus') return;
    assert.ok(Number.isInteger(whole.durationMs) && whole.durationMs >= 0);
    assert.ok(whole.channels >= 1);
  },
};

function verdictOf(input: Buffer, pieceBytes: number) {
  const inspector = new OggOpusInspector();
  for (let at = 0; at < input.length; at += pieceBytes)
    inspector.update(input.subarray(at, at + pieceBytes));
  return inspector.finish();
}
