import {
  audioFixture,
  audioFixtureNames,
  oggOpusFile,
  oggPage,
  type OggPageOptions,
} from '@exrec/testing';
import fc from 'fast-check';

import type { AudioVerdict } from './audio-verdict.js';
import { OggOpusInspector } from './ogg-opus-inspector.js';

const head = Buffer.from('OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00', 'latin1');
const tags = Buffer.from('OpusTags\x00\x00\x00\x00\x00\x00\x00\x00', 'latin1');
/** 60 ms of stereo: one packet of three frames. */
const sound = Buffer.from('\xff\x03some sound', 'latin1');
const soundSamples = 2_880;
const preSkip = 312;

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

function isOpen(verdict: AudioVerdict): boolean {
  return (
    verdict.kind === 'incomplete' || (verdict.kind === 'opus' && verdict.whyOpen !== undefined)
  );
}

type StreamOptions = {
  readonly serial?: number;
  readonly pages?: number;
  /** The position of page `index`, from 1. */
  readonly position?: (index: number) => number;
  readonly ends?: boolean;
  readonly packet?: Buffer;
  readonly head?: Buffer;
};

/** The pages of an Opus stream with a packet of 60 ms on each page of sound. */
function opusPages(options: StreamOptions = {}): Buffer[] {
  const { serial = 7, pages = 5, ends = true, packet = sound } = options;
  const { position = (index: number) => index * soundSamples } = options;
  const page = (more: OggPageOptions) => oggPage({ serial, ...more });
  return [
    page({ packet: options.head ?? head, beginsStream: true }),
    page({ packet: tags, sequence: 1 }),
    ...Array.from({ length: pages }, (_, index) =>
      page({
        packet,
        sequence: index + 2,
        granulePosition: position(index + 1),
        endsStream: ends && index === pages - 1,
      }),
    ),
  ];
}

const opusStream = (options?: StreamOptions) => Buffer.concat(opusPages(options));
const msOf = (samples: number) => Math.round(samples / 48);
/** Of five pages. */
const wholeMs = msOf(5 * soundSamples - preSkip);

describe('OggOpusInspector', () => {
  it.each(audioFixtureNames)(
    'finds the encoder-made file %s whole, with its duration and channels',
    (name) => {
      const fixture = audioFixture(name);
      const durationMs = fixture.durationMs();
      expect(inspect(fixture.bytes())).toEqual({
        kind: 'opus',
        channels: 2,
        durationMs,
        flags: [],
      });
    },
  );

  it('comes to the same verdict however the bytes are cut into chunks', () => {
    const file = oggOpusFile(9000);
    const odd = [
      file,
      file.subarray(0, 8900),
      Buffer.concat([file, Buffer.from('TAG and OggS and more')]),
      Buffer.concat([file.subarray(0, 6000), file.subarray(6500)]),
    ];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (chunkBytes) => {
        for (const bytes of odd) expect(inspect(bytes, chunkBytes)).toEqual(inspect(bytes));
      }),
      { numRuns: 30 },
    );
  });

  it('sees no end wherever a file is cut', () => {
    const file = oggOpusFile(5000);
    for (let length = 1; length < file.length; length++) {
      const verdict = inspect(file.subarray(0, length));
      expect({ length, isOpen: isOpen(verdict) }).toEqual({ length, isOpen: true });
    }
  });

  it('sees no end in any last page with a flipped bit', () => {
    const file = oggOpusFile(600);
    for (let at = file.lastIndexOf('OggS'); at < file.length; at++) {
      const damaged = Buffer.from(file);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at);
      expect({ at, isOpen: isOpen(inspect(damaged)) }).toEqual({ at, isOpen: true });
    }
  });

  it('finds the rest of the call behind a hole, and flags the hole', () => {
    const file = oggOpusFile(20_000);
    const holed = Buffer.concat([file.subarray(0, 6000), file.subarray(6500)]);
    expect(inspect(holed)).toMatchObject({ kind: 'opus', flags: ['pages-missing'] });
    expect(inspect(holed)).not.toHaveProperty('whyOpen');
  });

  it('takes what is there of a call that lost most of its pages', () => {
    const pages = opusPages({ pages: 52 });
    const kept = Buffer.concat([...pages.slice(0, 3), ...pages.slice(-1)]);
    expect(inspect(kept)).toEqual({
      kind: 'opus',
      channels: 2,
      durationMs: msOf(2 * soundSamples - preSkip),
      flags: ['pages-missing'],
    });
  });

  it.each([
    ['a tag', Buffer.from('TAG'.padEnd(128))],
    ['NULs', Buffer.alloc(512)],
    ['one byte', Buffer.from('O?')],
  ])('flags %s after the end', (_, more) => {
    expect(inspect(Buffer.concat([opusStream(), more]))).toEqual({
      kind: 'opus',
      channels: 2,
      durationMs: wholeMs,
      flags: ['bytes-after-end'],
    });
  });

  it('sees no end where another page follows the one that ends the stream', () => {
    const more = oggPage({ packet: sound, sequence: 7, granulePosition: 6 * soundSamples });
    expect(inspect(Buffer.concat([opusStream(), more]))).toMatchObject({
      whyOpen: 'no Ogg end-of-stream page',
      durationMs: msOf(6 * soundSamples - preSkip),
    });
  });

  it('tells of a recorder that never marks the end', () => {
    expect(inspect(opusStream({ ends: false }))).toEqual({
      kind: 'opus',
      whyOpen: 'no Ogg end-of-stream page',
      channels: 2,
      durationMs: wholeMs,
      flags: ['no-end-of-stream'],
    });
  });

  it.each<[string, (index: number) => number]>([
    ['start after an hour', (index) => 172_800_000 + index * soundSamples],
    ['are all zero', () => 0],
    ['are missing', () => -1],
    ['start with the pre-skip', (index) => preSkip + index * soundSamples],
    [
      'jump where silence was left out',
      (index) => index * soundSamples + (index > 2 ? 480_000 : 0),
    ],
    ['go backwards', (index) => (10 - index) * soundSamples],
  ])('takes the duration from the packets when the positions %s', (_, position) => {
    expect(inspect(opusStream({ position }))).toMatchObject({ durationMs: wholeMs, flags: [] });
  });

  it('leaves out the padding of the last page, also when an empty page ends the stream', () => {
    const trimmed = (index: number) =>
      index === 5 ? 5 * soundSamples - 500 : index * soundSamples;
    const expected = { durationMs: msOf(5 * soundSamples - 500 - preSkip) };
    expect(inspect(opusStream({ position: trimmed }))).toMatchObject(expected);
    const end = oggPage({
      packet: Buffer.alloc(0),
      sequence: 7,
      granulePosition: 0,
      endsStream: true,
    });
    const withEmptyEnd = Buffer.concat([opusStream({ position: trimmed, ends: false }), end]);
    expect(inspect(withEmptyEnd)).toMatchObject({ ...expected, flags: [] });
    const only = opusStream({ pages: 1, position: () => 1_312 });
    expect(inspect(only)).toMatchObject({ durationMs: msOf(1000) });
  });

  it('counts the channels of the packets, not of the header', () => {
    const mono = Buffer.from('\xfb\x03some sound', 'latin1');
    expect(inspect(opusStream({ packet: mono }))).toMatchObject({ channels: 1 });
    const monoHead = Buffer.from(head).fill(1, 9, 10);
    expect(inspect(opusStream({ head: monoHead }))).toMatchObject({ channels: 2 });
  });

  it('counts a packet once that goes over several pages', () => {
    const long = Buffer.alloc(70_000, 'x');
    long.writeUInt8(0xfc);
    const fullPage = oggPage({ packet: Buffer.alloc(0), sequence: 2, granulePosition: -1 });
    fullPage.writeUInt8(255, 26);
    const restPage = oggPage({ packet: long.subarray(65_025), sequence: 3, granulePosition: 960 });
    restPage.writeUInt8(1, 5);
    const file = Buffer.concat([
      oggPage({ packet: head, beginsStream: true }),
      oggPage({ packet: tags, sequence: 1 }),
      fullPage.subarray(0, 27),
      Buffer.alloc(255, 255),
      long.subarray(0, 65_025),
      restPage,
    ]);
    expect(inspect(file, [1_000])).toMatchObject({
      durationMs: msOf(960 - preSkip),
      flags: ['no-end-of-stream'],
    });
  });

  it('adds up chained streams, and the last one tells whether there is an end', () => {
    const first = opusStream({ serial: 1 });
    const second = opusStream({ serial: 2, pages: 3 });
    const durationMs = msOf(8 * soundSamples - 2 * preSkip);
    const chained = { kind: 'opus', channels: 2, durationMs, flags: [] };
    expect(inspect(Buffer.concat([first, second]))).toEqual(chained);
    const openFirst = opusStream({ serial: 1, ends: false });
    expect(inspect(Buffer.concat([openFirst, second]))).toEqual(chained);
    const begun = inspect(Buffer.concat([first, ...opusPages({ serial: 2 }).slice(0, 3)]));
    expect(begun).toMatchObject({ whyOpen: 'no Ogg end-of-stream page' });
  });

  it.each(['before', 'behind'])('passes over another stream that begins %s Opus', (place) => {
    const other = oggPage({ serial: 2, packet: Buffer.from('fishead\0'), beginsStream: true });
    const [first = Buffer.alloc(0), ...rest] = opusPages();
    const end = oggPage({ serial: 2, packet: sound, granulePosition: 9_999_999, endsStream: true });
    const heads = place === 'before' ? [other, first] : [first, other];
    const bytes = Buffer.concat([...heads, ...rest, end]);
    expect(inspect(bytes)).toEqual({ kind: 'opus', channels: 2, durationMs: wholeMs, flags: [] });
    expect(inspect(Buffer.concat([other, end]))).toEqual({ kind: 'not-ogg-opus' });
  });

  it('takes the first of two Opus streams that run side by side', () => {
    const pages = opusPages({ serial: 1 });
    const beside = opusPages({ serial: 2, pages: 50 });
    const mixed = Buffer.concat([pages.shift()!, beside.shift()!, ...beside, ...pages]);
    expect(inspect(mixed)).toMatchObject({ durationMs: wholeMs, flags: [] });
  });

  it('has nothing of an Opus stream without sound', () => {
    for (const pages of [1, 2])
      expect(inspect(Buffer.concat(opusPages().slice(0, pages)))).toEqual({
        kind: 'incomplete',
        why: 'the Opus stream holds no sound',
      });
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
    ['Ogg without a beginning', oggPage({ packet: sound }), 'not-ogg-opus'],
    [
      'an OpusHead of a later version',
      oggPage({ packet: Buffer.from(head).fill(16, 8, 9), beginsStream: true }),
      'not-ogg-opus',
    ],
    ['Opus behind something else', Buffer.concat([Buffer.from('ID3'), opusStream()]), 'opus'],
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

  it('settles early only when nothing more is worth reading', () => {
    const inspector = new OggOpusInspector();
    inspector.update(Buffer.from(`<html>${' '.repeat(500)}`));
    expect(inspector.settled).toBeUndefined();
    inspector.update(Buffer.alloc(1000));
    expect(inspector.settled).toEqual({ kind: 'html' });
    const zeros = new OggOpusInspector();
    zeros.update(Buffer.alloc(300_000));
    expect(zeros.settled).toEqual({ kind: 'not-ogg-opus' });

    const good = new OggOpusInspector();
    good.update(oggOpusFile(5000));
    expect(good.settled).toBeUndefined();
  });
});
