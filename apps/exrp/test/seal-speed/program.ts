/*
 * A process that seals recordings from memory and does the floor of it in turn, for `npm run bench`.
 * Arguments: bytes of a recording, recordings in a run, runs, folder for the spool.
 * Prints one JSON object with the CPU milliseconds per recording of each run of both.
 */
import { createCipheriv, createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { growHeapInLargeSteps } from '@exrec/service-kit';
import { oggOpusFile } from '@exrec/testing';
import { parseGcKey } from '../../src/keys/index.js';
import { sealFormats, sealRecording } from '../../src/seal/index.js';

// As services do it.
growHeapInLargeSteps();

/** What a socket hands out at most. */
const chunkBytes = 65_536;
const [sizeBytes = 0, repeats = 0, runs = 0] = process.argv.slice(2, 5).map(Number);
const dir = process.argv[5] ?? '.';

const audio = oggOpusFile(sizeBytes);
const key = await parseGcKey(
  {
    id: randomUUID(),
    createDate: '2026-02-20T04:00:00.000Z',
    keydataSummary: generateKeyPairSync('rsa', { modulusLength: 3072 })
      .publicKey.export({ type: 'pkcs1', format: 'der' })
      .toString('base64'),
  },
  Date.now(),
);

function* chunks() {
  for (let at = 0; at < audio.length; at += chunkBytes) yield audio.subarray(at, at + chunkBytes);
}

/**
 * AES-256-CFB, SHA-1, MD5 and CRC-32 over the same bytes, and nothing else.
 * @param withSha256 also SHA-256 of the audio and of what is sealed, which docs/design/CONTRACTS.md#4-gc-metadata and docs/design/CONTRACTS.md#32-states demand
 */
function floor(withSha256 = false): Promise<void> {
  const cipher = createCipheriv('aes-256-cfb', Buffer.alloc(32, 1), Buffer.alloc(16));
  const [sha1, md5] = [createHash('sha1'), createHash('md5')];
  const further = withSha256 ? [createHash('sha256'), createHash('sha256')] : [];
  let crc = 0;
  for (const chunk of chunks()) {
    sha1.update(chunk);
    const sealed = cipher.update(chunk);
    md5.update(sealed);
    further[0]?.update(chunk);
    further[1]?.update(sealed);
    crc = crc32(sealed, crc);
  }
  sha1.digest();
  md5.digest();
  for (const hash of further) hash.digest();
  return Promise.resolve();
}

async function seal(): Promise<void> {
  const recordingId = randomUUID();
  const spoolPath = join(dir, `${recordingId}.zip`);
  await sealRecording({
    recordingId,
    format: sealFormats.openpgp,
    key,
    audio: Readable.from(chunks(), { objectMode: false }),
    audioSizeBytes: audio.length,
    metadata: (facts) => JSON.stringify(facts),
    spoolPath,
  });
  await rm(spoolPath);
}

async function cpuMsOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let done = 0; done < repeats; done += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / repeats;
}

await cpuMsOf(() => floor());
await cpuMsOf(seal);
const figures: Record<'floor' | 'demanded' | 'seal', number[]> = {
  floor: [],
  demanded: [],
  seal: [],
};
for (let run = 0; run < runs; run += 1) {
  figures.floor.push(await cpuMsOf(() => floor()));
  figures.demanded.push(await cpuMsOf(() => floor(true)));
  figures.seal.push(await cpuMsOf(seal));
}
process.stdout.write(JSON.stringify(figures));
