import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startGcSimulator, type GcSimulator } from '../../src/gc/index.js';
import { sealAsCms, sealForWrappedRsaKey } from './bare-rsa-seal.js';
import { upload } from './gc-client.js';
import {
  oggOpus,
  pack,
  packStored,
  sampleRecording,
  seal,
  type SampleOptions,
} from './sample-recording.js';

const run = promisify(execFile);

async function verdictOn(simulator: GcSimulator, options: SampleOptions = {}) {
  const sample = await sampleRecording(simulator.currentKey(), options);
  expect((await upload(simulator, sample.fileName, sample.zip)).status).toBe(200);
  await simulator.settled();
  const recording = simulator.recordings().find((each) => each.recordingId === sample.recordingId);
  if (!recording) throw new Error('nothing was stored');
  return { ...recording, sample };
}

describe('verdict on a ZIP', () => {
  let simulator: GcSimulator;
  beforeAll(async () => {
    simulator = await startGcSimulator();
  });
  afterAll(() => simulator.stop());

  it('finds nothing wrong with a good one, and tells its metadata and audio', async () => {
    const { verdict, metadata, audio, sample, uploads } = await verdictOn(simulator);
    expect(verdict).toEqual({ ok: true, problems: [] });
    expect(metadata).toEqual(sample.metadata);
    expect(audio?.sizeBytes).toBe(sample.audio.length);
    expect(uploads).toBe(1);
  });

  it('finds nothing wrong with audio of many megabytes', async () => {
    const { verdict } = await verdictOn(simulator, { audio: oggOpus(20_000) });
    expect(verdict).toEqual({ ok: true, problems: [] });
  });

  it.each<[name: string, problem: string, options: SampleOptions]>([
    [
      'compressed entries',
      'not STORED',
      { pack: (entries) => pack(entries, { compression: 'DEFLATE' }) },
    ],
    [
      'data descriptors',
      'data descriptor',
      { pack: (entries) => pack(entries, { streamFiles: true }) },
    ],
    [
      'the present as time stamp',
      'not a fixed one',
      { pack: (entries) => pack(entries, { date: new Date() }) },
    ],
    [
      'entries the other way round',
      'second entry',
      { pack: (entries) => packStored([...entries].reverse()) },
    ],
    [
      'a third entry',
      '3 entries',
      { pack: (entries) => packStored([...entries, { name: 'x', bytes: Buffer.from('x') }]) },
    ],
    ['one entry only', '1 entries', { pack: (entries) => packStored(entries.slice(0, 1)) }],
    [
      'a traversing name',
      'plain file name',
      { pack: ([audio, json]) => packStored([{ ...audio!, name: '../x' }, json!]) },
    ],
    [
      'bytes before the ZIP',
      'bytes',
      { pack: async (entries) => Buffer.concat([Buffer.from('x'), await packStored(entries)]) },
    ],
    [
      'bytes after the ZIP',
      'no end-of-directory',
      { pack: async (entries) => Buffer.concat([await packStored(entries), Buffer.from('x')]) },
    ],
    ['no ZIP at all', 'no end-of-directory', { pack: () => Promise.resolve(Buffer.from('hello')) }],
    ['a flipped byte', 'CRC', { pack: async (entries) => flipped(await packStored(entries), 200) }],
    [
      'no conversationId',
      'conversationId',
      { changeMetadata: (metadata) => delete metadata.conversationId },
    ],
    [
      'a conversationId that is no UUIDv4',
      'conversationId',
      { changeMetadata: (metadata) => (metadata.conversationId = '02AB') },
    ],
    [
      'another audio.fileName',
      'audio.fileName',
      { changeMetadata: ({ audio }) => (audio.fileName = 'x.opus.pgp') },
    ],
    ['a wrong size', 'audio.sizeBytes', { changeMetadata: ({ audio }) => (audio.sizeBytes = 1) }],
    [
      'a wrong digest',
      'audio.sha256',
      { changeMetadata: ({ audio }) => (audio.sha256 = '0'.repeat(64)) },
    ],
    [
      'a wrong number of channels',
      'channels',
      { changeMetadata: ({ audio }) => (audio.channels = 1) },
    ],
    [
      'an unknown key',
      'not a key',
      {
        changeMetadata: ({ encryption }) =>
          (encryption.keyId = '00000000-0000-4000-8000-000000000000'),
      },
    ],
    [
      'another fingerprint',
      'fingerprint',
      { changeMetadata: ({ encryption }) => (encryption.fingerprint = '0'.repeat(40)) },
    ],
    ['audio in the clear', 'not binary', { sealed: oggOpus() }],
    ['audio that is no Ogg', 'not an Ogg', { audio: Buffer.from('<html>login</html>') }],
    [
      'audio that is no Opus',
      'not Opus',
      {
        audio: Buffer.from(oggOpus().toString('latin1').replace('OpusHead', 'vorbis__'), 'latin1'),
      },
    ],
    ['half a call', 'cut', { audio: oggOpus().subarray(0, 1_000) }],
    ['a call without its last page', 'ends the stream', { audio: oggOpus().subarray(0, -730) }],
  ])('refuses %s', async (_name, problem, options) => {
    const { verdict } = await verdictOn(simulator, options);
    expect(verdict?.ok).toBe(false);
    expect(verdict?.problems.join('\n')).toContain(problem);
  });

  it('refuses a message sealed for somebody else', async () => {
    const other = simulator.keys()[0]!;
    const { verdict } = await verdictOn(simulator, { sealed: await seal(oggOpus(), other) });
    expect(verdict?.problems.join()).toContain('does not open');
  });

  it('refuses a key that must not be used', async () => {
    const sealed = await seal(oggOpus(), simulator.currentKey());
    await simulator.faults.order({ target: 'keys', action: 'revoke' });
    const { verdict } = await verdictOn(simulator, { sealed });
    await simulator.faults.clear();
    expect(verdict?.problems).toContain('encryption: sealed with a key that must not be used');
  });

  it('refuses audio other than the file that was recorded', async () => {
    const { recordingId } = await verdictOn(simulator);
    simulator.expectAudio({ recording: recordingId, sha256: 'f'.repeat(64) });
    const recording = simulator.recordings().find((each) => each.recordingId === recordingId);
    expect(recording?.verdict).toEqual({
      ok: false,
      problems: ['audio: not the file that was recorded'],
    });
  });

  it('opens what gpg has sealed, and gpg opens what was sealed for its key', async () => {
    const home = await mkdtemp(join(tmpdir(), 'exrec-gpg-'));
    try {
      const gpg = (...args: string[]) =>
        run('gpg', ['--homedir', home, '--batch', '--yes', '--trust-model', 'always', ...args]);
      const key = simulator.currentKey();
      await writeFile(join(home, 'key.asc'), key.secret.text);
      await writeFile(join(home, 'a.opus'), oggOpus());
      await writeFile(join(home, 'js.pgp'), await seal(oggOpus(), key));
      await gpg('--import', join(home, 'key.asc'));
      await gpg('-o', join(home, 'js.opus'), '--decrypt', join(home, 'js.pgp'));
      await run('cmp', [join(home, 'a.opus'), join(home, 'js.opus')]);
      await gpg(
        '--compress-algo',
        'none',
        '-r',
        key.fingerprint,
        '-o',
        join(home, 'a.pgp'),
        '-e',
        join(home, 'a.opus'),
      );
      const { verdict } = await verdictOn(simulator, {
        sealed: await readFile(join(home, 'a.pgp')),
      });
      expect(verdict).toEqual({ ok: true, problems: [] });
      await gpg(
        '--compress-algo',
        'zlib',
        '-r',
        key.fingerprint,
        '-o',
        join(home, 'z.pgp'),
        '-e',
        join(home, 'a.opus'),
      );
      const compressed = await verdictOn(simulator, {
        sealed: await readFile(join(home, 'z.pgp')),
      });
      expect(compressed.verdict?.problems).toEqual([
        'audio: compressed inside the OpenPGP message',
      ]);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});

describe('verdict with a bare RSA key', () => {
  let simulator: GcSimulator;
  beforeAll(async () => {
    simulator = await startGcSimulator({ keyForm: 'rsa-pkcs1-der', olderKeys: 0 });
  });
  afterAll(() => simulator.stop());

  it('opens OpenPGP sealed for the v4 key that the RSA key becomes', async () => {
    const { verdict } = await verdictOn(simulator, {
      sealed: await sealForWrappedRsaKey(oggOpus(), simulator.currentKey()),
    });
    expect(verdict).toEqual({ ok: true, problems: [] });
  });

  it('opens CMS', async () => {
    const { verdict } = await verdictOn(simulator, {
      container: 'cms',
      sealed: await sealAsCms(oggOpus(), simulator.currentKey()),
    });
    expect(verdict).toEqual({ ok: true, problems: [] });
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}
