import { oggPage, withinBounds } from '@exrec/testing';
import { OggOpusInspector } from './ogg-opus-inspector.js';

const head = Buffer.from('OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00', 'latin1');
const sound = Buffer.from('\xfcsome sound', 'latin1');
const link = Buffer.concat([
  oggPage({ packet: head, beginsStream: true }),
  oggPage({ packet: sound, sequence: 1, endsStream: true }),
]);

describe('OggOpusInspector', () => {
  it.each([
    ['comments', Buffer.from(`${' '.repeat(260)}${'<!---->'.repeat(100)}x`)],
    ['an XML declaration', Buffer.from(`<?xml${' '.repeat(1000)}`)],
    ['blanks', Buffer.alloc(5_000_000, ' ')],
    ['brackets', Buffer.alloc(5_000_000, '<')],
    ['capture patterns', Buffer.alloc(5_000_000, 'OggS\0')],
    [
      'pages that are none',
      Buffer.alloc(5_000_000, Buffer.from('xOggS\0'.padEnd(28, '\xff'), 'latin1')),
    ],
    ['links', Buffer.concat(Array.from({ length: 20_000 }, () => link))],
  ])('needs neither time nor memory for %s without end', async (_, bytes) => {
    const verdict = await withinBounds(async () => {
      const inspector = new OggOpusInspector();
      for (let at = 0; at < bytes.length; at += 65_536) {
        inspector.update(bytes.subarray(at, at + 65_536));
        await new Promise(setImmediate);
      }
      return inspector.finish();
    });
    expect(verdict.kind).toBeDefined();
  });
});
