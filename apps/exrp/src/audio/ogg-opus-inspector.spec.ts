import {
  audioFixture,
  audioFixtureNames,
  oggOpusFile,
  oggPage,
  withinBounds,
} from '@exrec/testing';
import fc from 'fast-check';

import type { AudioVerdict } from './audio-verdict.js';
import { OggOpusInspector } from './ogg-opus-inspector.js';

const head = Buffer.from('OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00', 'latin1');
const packet = Buffer.from('some opus packet');

function inspect(bytes: Buffer, chunkBytes: number[] = [bytes.length]): AudioVerdict {
  const inspector = new OggOpusInspector();
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const end = at + Math.max(1, chunkBytes[turn % chunkBytes.length] ?? 1);
    inspector.update(bytes.subarray(at, end));
    at = end;
  }
  return inspector.finish();
}

/** An Opus stream of three pages whose last ends at `granulePosition`. */
function opusStream(serial: number, granulePosition: number): Buffer {
  return Buffer.concat([
    oggPage({ serial, packet: head, beginsStream: true }),
    oggPage({ serial, packet, granulePosition: 1000 }),
    oggPage({ serial, packet, granulePosition, endsStream: true }),
  ]);
}

describe('OggOpusInspector', () => {
  it.each(audioFixtureNames)(
    'finds the encoder-made file %s complete, with its duration and channels',
    (name) => {
      const fixture = audioFixture(name);
      const verdict = inspect(fixture.bytes());
      expect(verdict).toMatchObject({
        kind: 'complete',
        channels: 2,
        durationMs: fixture.durationMs(),
      });
    },
  );

  it('comes to the same verdict however the bytes are cut into chunks', () => {
    const file = oggOpusFile(9000);
    const truncated = file.subarray(0, 8900);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (chunkBytes) => {
        expect(inspect(file, chunkBytes)).toEqual(inspect(file));
        expect(inspect(truncated, chunkBytes)).toEqual(inspect(truncated));
      }),
    );
  });

  it('finds a file incomplete wherever it is cut', () => {
    const file = oggOpusFile(5000);
    for (let length = 1; length < file.length; length++) {
      expect({ length, kind: inspect(file.subarray(0, length)).kind }).toEqual({
        length,
        kind: 'incomplete',
      });
    }
  });

  it('notices every flipped bit of the last page', () => {
    const file = oggOpusFile(600);
    for (let at = file.lastIndexOf('OggS'); at < file.length; at++) {
      const damaged = Buffer.from(file);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at);
      expect({ at, kind: inspect(damaged).kind }).toEqual({ at, kind: 'incomplete' });
    }
  });

  it('notices a hole in the middle that shifts the pages', () => {
    const file = oggOpusFile(20_000);
    const holed = Buffer.concat([file.subarray(0, 6000), file.subarray(6500)]);
    expect(inspect(holed)).toEqual({
      kind: 'incomplete',
      why: expect.stringMatching(/^no Ogg page at byte \d+$/),
    });
  });

  it('takes bytes after the end for a file that is still being written', () => {
    const file = oggOpusFile(600);
    expect(inspect(Buffer.concat([file, Buffer.alloc(100)]))).toMatchObject({
      why: 'no Ogg page at byte 600',
    });
    const extraPage = oggPage({ packet, granulePosition: 5000 });
    expect(inspect(Buffer.concat([file, extraPage])).kind).toBe('incomplete');
  });

  it('wants the end-of-stream mark even when the last page is whole', () => {
    const open = Buffer.concat([
      oggPage({ packet: head, beginsStream: true }),
      oggPage({ packet, granulePosition: 960 }),
    ]);
    expect(inspect(open)).toEqual({ kind: 'incomplete', why: 'no Ogg end-of-stream page' });
  });

  it('leaves the pre-skip out of the duration and passes over pages without a granule position', () => {
    const file = Buffer.concat([
      oggPage({ packet: head, beginsStream: true }),
      oggPage({ packet, granulePosition: 48_312 }),
      oggPage({ packet, granulePosition: -1, endsStream: true }),
    ]);
    expect(inspect(file)).toMatchObject({
      kind: 'complete',
      durationMs: 1000,
      inputSampleRateHz: 48_000,
    });
  });

  it('adds up chained streams and wants the last one to end', () => {
    const chained = Buffer.concat([opusStream(1, 48_312), opusStream(2, 24_312)]);
    expect(inspect(chained)).toMatchObject({ kind: 'complete', durationMs: 1500 });
    const lastPage = chained.lastIndexOf('OggS');
    expect(inspect(chained.subarray(0, lastPage)).kind).toBe('incomplete');
  });

  it('passes over the pages of another stream in the same file', () => {
    const pages = [
      oggPage({ serial: 1, packet: head, beginsStream: true }),
      oggPage({ serial: 2, packet: Buffer.from('other codec'), beginsStream: true }),
      oggPage({ serial: 1, packet, granulePosition: 48_312, endsStream: true }),
      oggPage({ serial: 2, packet, granulePosition: 9_999_999, endsStream: true }),
    ];
    expect(inspect(Buffer.concat(pages))).toMatchObject({ kind: 'complete', durationMs: 1000 });
    expect(inspect(Buffer.concat(pages.slice(0, 2))).kind).toBe('incomplete');
  });

  it.each<[string, Buffer, AudioVerdict['kind']]>([
    ['no bytes', Buffer.alloc(0), 'empty'],
    ['zeros', Buffer.alloc(5000), 'not-ogg-opus'],
    ['a few bytes', Buffer.from('abc'), 'not-ogg-opus'],
    ['the beginning of a capture pattern', Buffer.from('Og'), 'incomplete'],
    ['mp3', Buffer.from('ID3\x04\x00\x00\x00'.padEnd(3000, 'x'), 'latin1'), 'not-ogg-opus'],
    [
      'Ogg Vorbis',
      oggPage({ packet: Buffer.from('\x01vorbis'.padEnd(30, '\0'), 'latin1'), beginsStream: true }),
      'not-ogg-opus',
    ],
    ['Ogg without a beginning', oggPage({ packet }), 'not-ogg-opus'],
    [
      'an OpusHead of a later version',
      oggPage({ packet: Buffer.from(head).fill(16, 8, 9), beginsStream: true }),
      'not-ogg-opus',
    ],
    ['HTML', Buffer.from('<!DOCTYPE html><title>Log in</title>'), 'html'],
    [
      'HTML behind a byte order mark and white space',
      Buffer.from('\ufeff \r\n\t<HTML lang="en">'),
      'html',
    ],
    ['XHTML', Buffer.from('<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE html PUBLIC "">'), 'html'],
    ['a long HTML page', Buffer.from(`<html>${'x'.repeat(10_000)}`), 'html'],
    ['other markup', Buffer.from('<svg></svg>'), 'not-ogg-opus'],
  ])('knows %s', (_, bytes, kind) => {
    expect(inspect(bytes).kind).toBe(kind);
    expect(inspect(bytes, [1]).kind).toBe(kind);
  });

  it.each([
    ['comments', `${' '.repeat(260)}${'<!---->'.repeat(100)}x`],
    ['an XML declaration', `<?xml${' '.repeat(1000)}`],
    ['blanks', ' '.repeat(100_000)],
    ['brackets', '<'.repeat(100_000)],
  ])('needs no time to tell that %s without end are no recording', async (_, text) => {
    const verdict = await withinBounds(() => inspect(Buffer.from(text)));
    expect(['html', 'not-ogg-opus']).toContain(verdict.kind);
  });

  it('settles early only when no later byte can change the verdict', () => {
    const inspector = new OggOpusInspector();
    inspector.update(Buffer.from(`<html>${' '.repeat(500)}`));
    expect(inspector.settled).toBeUndefined();
    inspector.update(Buffer.alloc(1000));
    expect(inspector.settled).toEqual({ kind: 'html' });

    const good = new OggOpusInspector();
    good.update(oggOpusFile(5000));
    expect(good.settled).toBeUndefined();
  });
});
