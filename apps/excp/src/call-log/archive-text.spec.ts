import { deflateRawSync, crc32 } from 'node:zlib';
import { archiveDictionaries } from './archive-dictionary.js';
import { readArchive, writeArchive } from './archive-text.js';

const root = 'A'.repeat(32);
const consult = 'B'.repeat(32);
const atMs = Date.parse('2026-03-02T09:15:00.000Z');
const event = (afterMs: number) => JSON.stringify({ timeMs: atMs + afterMs, event: 'EventQueued' });

const metadataOf = (raw: object) =>
  JSON.stringify({ source: 'mcp', raw: { mediaId: 'a.opus', ...raw } });

it('gives back every field, whatever times it tells', () => {
  const fields = {
    'e:1': event(0),
    'e:2': event(0),
    'e:3': event(5_000),
    'j:0': `taken 0 externalEstablished ${atMs} `,
    'j:1': `planned 1 communicationEnded ${atMs + 5_001} key with ${atMs} words`,
    'j:1a': `dropped - holdUpdated ${atMs - 1} 1`,
    'j:2': 'sent 0 holdUpdated',
    'l:0': `${atMs} 1  *external*`,
    'l:1': `${atMs + 90_000} 2 ${consult} VQ with blanks`,
    'm:1': `it said ${atMs}`,
    'p:1:7105': String(atMs + 5_000),
    'p:2:7105': `${atMs + 6_000} ${consult}`,
    endedWhy: 'calls-deleted',
    's:a.opus': metadataOf({
      startTime: '2026-03-02T09:15:00.1+0000',
      stopTime: '2026-03-02T09:16:00.2+0000',
      duration: '60100',
    }),
    's:b.opus': metadataOf({
      startTime: '2026-03-02T09:15:00Z',
      duration: '60.1',
      mediaId: 'b.opus',
    }),
    's:c.opus': metadataOf({ duration: '=', mediaId: 'c.opus' }),
    lastSeenAtMs: String(atMs + 7_000),
  };
  const calls = [
    { callUUID: root, rev: '7', fields },
    { callUUID: consult, rev: '1', fields: { parent: root, 'p:1:7106': String(atMs) } },
  ];
  const read = readArchive(writeArchive({ rootCallUUID: root, calls }), root);
  expect([...read]).toEqual(calls.map(({ callUUID, fields: each }) => [callUUID, each]));
});

it('reads what an earlier release wrote, with its dictionary', () => {
  const calls = [atMs, [root, [], [], { 'p:1:7105': -90, 'l:0': `${atMs} 1  *external*` }]];
  const text = Buffer.from(JSON.stringify(calls).replaceAll(root, '\u0001'));
  const head = Buffer.alloc(5);
  head.writeUInt8(2);
  head.writeUInt32LE(crc32(text), 1);
  const body = deflateRawSync(text, { dictionary: archiveDictionaries.get(2) });
  expect(readArchive(Buffer.concat([head, body]), root).get(root)).toEqual({
    'p:1:7105': String(atMs - 90),
    'l:0': `${atMs} 1  *external*`,
  });
});
