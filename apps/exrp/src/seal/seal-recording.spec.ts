import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import {
  audioFixture,
  createGpgHome,
  oggOpusFile,
  runCommand,
  waitFor,
  type GpgHome,
} from '@exrec/testing';
import JSZip from 'jszip';

import { parseGcKey, type GcKey } from '../keys/index.js';
import { sealFormats, sealRecording, type SealRequest } from './index.js';

const RECORDING_ID = '3f1c9d2e-0a4b-4c55-9a61-7d1d0c0b7a10';
const directory = mkdtempSync(join(tmpdir(), 'seal-'));
const spoolPath = join(directory, 'spool.zip');
/** Below and above what is put together in memory, and around the size of one write. */
const SIZES = [150, 1_048_000, 1_048_576, 1_200_000, 4_194_304, 4_200_001, 9_000_001];

let gpg: GpgHome;
let key: GcKey;
beforeAll(async () => {
  gpg = await createGpgHome();
  const keydataSummary = await gpg.makeKey('GC', 'rsa2048');
  key = await parseGcKey(
    { id: 'key-1', createDate: '2026-02-20T04:00:00Z', keydataSummary },
    Date.now(),
  );
});
afterEach(() => rm(spoolPath, { force: true }));
afterAll(async () => {
  await gpg.remove();
  await rm(directory, { recursive: true });
});

function inChunks(bytes: Buffer, chunkBytes = 65_536): Readable {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  return Readable.from(chunks);
}

function requestFor(audio: Buffer, changes: Partial<SealRequest> = {}): SealRequest {
  return {
    recordingId: RECORDING_ID,
    format: sealFormats.openpgp,
    key,
    audio: inChunks(audio),
    audioSizeBytes: audio.length,
    metadata: (facts) => JSON.stringify({ audio: facts }),
    spoolPath,
    ...changes,
  };
}

function hash(algorithm: string, bytes: Buffer, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}

describe('sealRecording', () => {
  it.each(SIZES)(
    'makes a ZIP of %d bytes of audio that holds it byte for byte, and says its true digests',
    async (sizeBytes) => {
      const audio = oggOpusFile(sizeBytes);
      const sealed = await sealRecording(requestFor(audio));
      const zip = readFileSync(spoolPath);
      expect(sealed).toMatchObject({
        zipSizeBytes: zip.length,
        zipMd5Base64: hash('md5', zip, 'base64'),
        zipSha256Hex: hash('sha256', zip),
        audio: {
          sizeBytes,
          sha256Hex: hash('sha256', audio),
          keyId: 'key-1',
          fingerprint: key.fingerprint,
        },
      });
      const entries = await JSZip.loadAsync(zip, { checkCRC32: true });
      const message = await entries.file(`${RECORDING_ID}.opus.pgp`)?.async('nodebuffer');
      expect(message).toHaveLength(sealed.sealedSizeBytes);
      expect((await gpg.decrypt(message ?? Buffer.alloc(0))).equals(audio)).toBe(true);
    },
  );

  it('does not care how the audio is cut into chunks', async () => {
    const audio = oggOpusFile(5_000_000);
    for (const chunkBytes of [10_007, 524_288, 5_000_000]) {
      const sealed = await sealRecording(requestFor(audio, { audio: inChunks(audio, chunkBytes) }));
      expect(sealed.audio.sha256Hex).toBe(hash('sha256', audio));
      const message = await (
        await JSZip.loadAsync(readFileSync(spoolPath))
      )
        .file(/pgp$/)[0]
        ?.async('nodebuffer');
      expect((await gpg.decrypt(message ?? Buffer.alloc(0))).equals(audio)).toBe(true);
      await rm(spoolPath);
    }
  });

  it('gives the facts of a real recording to the metadata, which becomes the second entry', async () => {
    const fixture = audioFixture('short-en');
    const sealed = await sealRecording(requestFor(fixture.bytes()));
    expect(sealed.audio).toEqual({
      fileName: `${RECORDING_ID}.opus.pgp`,
      sizeBytes: fixture.bytes().length,
      sha256Hex: hash('sha256', fixture.bytes()),
      channels: 2,
      durationMs: fixture.durationMs(),
      flags: [],
      container: 'openpgp',
      keyId: 'key-1',
      fingerprint: key.fingerprint,
    });
    const zip = await JSZip.loadAsync(readFileSync(spoolPath));
    expect(Object.keys(zip.files)).toEqual([`${RECORDING_ID}.opus.pgp`, 'metadata.json']);
    const metadata: unknown = JSON.parse((await zip.file('metadata.json')?.async('string')) ?? '');
    expect(metadata).toEqual({ audio: sealed.audio });
  });

  it.each([200_000, 5_000_000])(
    'makes a ZIP (audio: %d bytes) that the common tools accept',
    async (sizeBytes) => {
      await sealRecording(requestFor(oggOpusFile(sizeBytes)));
      await expect(runCommand('unzip', ['-tqq', spoolPath])).resolves.toMatchObject({
        exitCode: 0,
      });
      await expect(
        runCommand('python3', ['-m', 'zipfile', '-t', spoolPath]),
      ).resolves.toMatchObject({ exitCode: 0 });
      const listing = (await runCommand('unzip', ['-Z', '-v', spoolPath])).stdout.toString();
      expect(listing.match(/compression method: +none \(stored\)/g)).toHaveLength(2);
      expect(listing.match(/extended local header: +no/g)).toHaveLength(2);
      expect(listing.match(/1980 Jan 1 00:00:00/g)).toHaveLength(2);
      expect(listing.match(/-rw-r--r--/g)).toHaveLength(2);
    },
  );

  it('seals as CMS under its own extension', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keydataSummary = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const rsaKey = await parseGcKey(
      { id: 'key-2', createDate: '2026-02-20T04:00:00Z', keydataSummary },
      Date.now(),
    );
    const sealed = await sealRecording(
      requestFor(oggOpusFile(1000), { key: rsaKey, format: sealFormats.cms }),
    );
    expect(sealed.audio).toMatchObject({
      fileName: `${RECORDING_ID}.opus.p7m`,
      container: 'cms',
      keyId: 'key-2',
    });
  });

  it('never has the plain audio on the disk', async () => {
    const audio = oggOpusFile(6_000_000);
    const source = new PassThrough();
    const sealing = sealRecording(requestFor(audio, { audio: source }));
    source.write(audio.subarray(0, 5_000_000));
    const half = await waitFor('most of it on the spool', () => {
      const written = existsSync(spoolPath) && readFileSync(spoolPath);
      return written && written.length > 3_000_000 && written;
    });
    expect(half.includes('OggS')).toBe(false);
    source.end(audio.subarray(5_000_000));
    await sealing;
    expect(readFileSync(spoolPath).includes('OpusHead')).toBe(false);
  });

  it.each<[string, Buffer, number, string, string]>([
    [
      'a cut download',
      oggOpusFile(6_000_000).subarray(0, 5_500_000),
      6_000_000,
      'audio-incomplete',
      'later',
    ],
    ['a file that has grown', oggOpusFile(5000), 4000, 'audio-incomplete', 'later'],
    [
      'a file without its end',
      oggOpusFile(5000).subarray(0, 4900),
      4900,
      'audio-incomplete',
      'later',
    ],
    [
      'a half-written file whose size was taken as whole',
      Buffer.alloc(0),
      300,
      'audio-incomplete',
      'later',
    ],
    [
      'a login page',
      Buffer.from('<!doctype html><p>Log in'),
      6_000_000,
      'storage-unavailable',
      'later',
    ],
    [
      'a long login page',
      Buffer.from(`<html>${'x'.repeat(200_000)}`),
      100,
      'storage-unavailable',
      'later',
    ],
    ['an empty file', Buffer.alloc(0), 0, 'audio-invalid', 'never'],
    ['another format', Buffer.alloc(200_000, 'RIFF'), 200_000, 'audio-invalid', 'never'],
  ])(
    'refuses %s and leaves nothing on the spool',
    async (_, audio, audioSizeBytes, code, retry) => {
      const metadata = jest.fn(() => '{}');
      const sealing = sealRecording(requestFor(audio, { audioSizeBytes, metadata }));
      await expect(sealing).rejects.toMatchObject({ code, retry });
      expect(metadata).not.toHaveBeenCalled();
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  it('stops reading a large file as soon as it is known not to be audio', async () => {
    let chunks = 0;
    const source = Readable.from(
      (function* () {
        for (; chunks < 1000; chunks++) yield Buffer.alloc(65_536);
      })(),
    );
    const sealing = sealRecording(
      requestFor(Buffer.alloc(0), { audio: source, audioSizeBytes: 65_536_000 }),
    );
    await expect(sealing).rejects.toMatchObject({ code: 'audio-invalid' });
    expect(chunks).toBeLessThan(50);
    expect(source.destroyed).toBe(true);
  });

  it('ends at once by its signal, also when the source is silent, and removes its file', async () => {
    const audio = oggOpusFile(6_000_000);
    const abort = new AbortController();
    const source = new PassThrough();
    const sealing = sealRecording(requestFor(audio, { audio: source, signal: abort.signal }));
    source.write(audio.subarray(0, 5_000_000));
    await once(source, 'drain');
    expect(existsSync(spoolPath)).toBe(true);
    abort.abort(new Error('lease lost'));
    await expect(sealing).rejects.toThrow('lease lost');
    expect(source.destroyed).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('does nothing when the signal came before', async () => {
    const sealing = sealRecording(
      requestFor(oggOpusFile(1000), { signal: AbortSignal.abort(new Error('too late')) }),
    );
    await expect(sealing).rejects.toThrow('too late');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('passes on an error of the source, also one that comes before the first read', async () => {
    const source = new PassThrough();
    source.write(oggOpusFile(1000));
    const sealing = sealRecording(requestFor(oggOpusFile(2000), { audio: source }));
    source.destroy(new Error('connection reset'));
    await expect(sealing).rejects.toThrow('connection reset');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('does not touch a file that is there already', async () => {
    await writeFile(spoolPath, 'of another worker');
    await expect(sealRecording(requestFor(oggOpusFile(1000)))).rejects.toMatchObject({
      code: 'EEXIST',
    });
    expect(readFileSync(spoolPath, 'utf8')).toBe('of another worker');
  });

  it('refuses a recording id that is not a plain name', async () => {
    const sealing = sealRecording(requestFor(oggOpusFile(1000), { recordingId: '../x' }));
    await expect(sealing).rejects.toThrow(TypeError);
  });
});
