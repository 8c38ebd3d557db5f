import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { oggOpusFile } from '@exrec/testing';
import { parseGcKey } from '../keys/index.js';
import { sealFormats, sealRecording } from './index.js';

const pieceBytes = 65_536;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'seal-turns-'));
});
afterAll(() => rm(directory, { recursive: true }));

it('lets the event loop turn after each piece, however fast they come', async () => {
  const audio = oggOpusFile(5_000_000);
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keydataSummary = publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
  const gcKey = { id: 'key-1', createDate: '2026-02-20T04:00:00Z', keydataSummary };
  let turn = 0;
  const next = () => {
    turn += 1;
    clock = setImmediate(next);
  };
  let clock = setImmediate(next);
  const piecesInTurn = new Map<number, number>();
  function* pieces() {
    for (let at = 0; at < audio.length; at += pieceBytes) {
      piecesInTurn.set(turn, (piecesInTurn.get(turn) ?? 0) + 1);
      yield audio.subarray(at, at + pieceBytes);
    }
  }
  await sealRecording({
    recordingId: 'fast',
    format: sealFormats.openpgp,
    key: await parseGcKey(gcKey, Date.now()),
    audio: Readable.from(pieces()),
    audioSizeBytes: audio.length,
    metadata: () => '{}',
    spoolPath: join(directory, 'fast.zip'),
  });
  clearImmediate(clock);
  // The stream asks for one beforehand.
  expect(Math.max(...piecesInTurn.values())).toBeLessThanOrEqual(2);
});
