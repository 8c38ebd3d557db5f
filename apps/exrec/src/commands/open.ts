import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readGcMetadata } from '@exrec/gc-metadata';
import JSZip from 'jszip';
import { decrypt, readMessage, readPrivateKey } from 'openpgp';
import { CliError, exitCodes, wrongUse } from '../connection/cli-error.js';
import { write, type CommonFlags, type Context } from '../context.js';

export type OpenFlags = CommonFlags & { readonly key?: string; readonly out?: string };

type Verdict = { readonly check: string; readonly ok: boolean; readonly words: string };

/**
 * Opens an upload with the secret key of the organization, as Genesys Cloud would: the two entries, the metadata, the
 * sealed audio. The audio itself is written only with `--out`.
 */
export async function open(context: Context, flags: OpenFlags, file = ''): Promise<number> {
  if (flags.key === undefined)
    throw wrongUse('--key is needed', 'the secret recording key: armored OpenPGP, or PEM for CMS');
  const zip = await JSZip.loadAsync(await readOrRefuse(file)).catch(() => {
    throw new CliError(`${file} is no ZIP`);
  });
  const [sealedName, metadataName] = Object.keys(zip.files);
  const metadataText = await zip.file('metadata.json')?.async('string');
  const sealed =
    sealedName === undefined ? undefined : await zip.file(sealedName)?.async('nodebuffer');
  if (metadataName !== 'metadata.json' || metadataText === undefined || sealed === undefined)
    throw new CliError(`${file} does not hold a sealed recording and metadata.json, in this order`);
  const reading = readGcMetadata(JSON.parse(metadataText));
  if (reading.kind !== 'ok') throw new CliError('metadata.json is not as this release says');
  const { metadata } = reading;
  const audio = await unsealed(
    sealed,
    metadata.encryption.container,
    await readOrRefuse(flags.key),
  );
  const sha256 = createHash('sha256').update(audio).digest('hex');
  const verdicts: Verdict[] = [
    verdict('name', basename(file) === `${metadata.recordingId}.zip`, metadata.recordingId),
    verdict('size', audio.length === metadata.audio.sizeBytes, `${audio.length} bytes`),
    verdict('digest', sha256 === metadata.audio.sha256, sha256),
    verdict(
      'format',
      audio.subarray(0, 4).toString('latin1') === 'OggS',
      metadata.audio.contentType,
    ),
  ];
  if (flags.out !== undefined) await writeFile(flags.out, audio, { mode: 0o600, flag: 'wx' });
  const isWhole = verdicts.every(({ ok }) => ok);
  write(context, flags, { file, whole: isWhole, verdicts, metadata }, [
    ...verdicts.map(({ check, ok, words }) => ` ${ok ? '✓' : '✗'} ${check.padEnd(8)} ${words}`),
    isWhole
      ? 'the upload is whole: the audio is the one that was sealed'
      : 'the upload is not whole',
  ]);
  return isWhole ? exitCodes.fine : exitCodes.found;
}

const verdict = (check: string, ok: boolean, words: string): Verdict => ({ check, ok, words });

async function readOrRefuse(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw wrongUse(`${file} cannot be read (${code})`);
  }
}

/** @throws CliError when the key does not open it */
async function unsealed(
  sealed: Buffer,
  container: 'openpgp' | 'cms',
  key: Buffer,
): Promise<Buffer> {
  try {
    return container === 'cms' ? await openCms(sealed, key) : await openOpenPgp(sealed, key);
  } catch {
    throw new CliError('the key does not open it', {
      hint: 'metadata.json names the key in encryption.fingerprint',
    });
  }
}

async function openOpenPgp(sealed: Buffer, key: Buffer): Promise<Buffer> {
  const message = await readMessage({ binaryMessage: new Uint8Array(sealed) });
  const decryptionKeys = await readPrivateKey({ armoredKey: key.toString('utf8') });
  const opened: unknown = await decrypt({ message, decryptionKeys, format: 'binary' });
  return Buffer.from((opened as { readonly data: Uint8Array }).data);
}

/** Node.js has no CMS; OpenSSL reads the key from a folder that only this user may enter. */
async function openCms(sealed: Buffer, key: Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'exrec-open-'));
  try {
    const keyFile = join(folder, 'key.pem');
    await writeFile(keyFile, key, { mode: 0o600 });
    return await openssl(
      ['cms', '-decrypt', '-inform', 'DER', '-inkey', keyFile, '-binary'],
      sealed,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function openssl(args: readonly string[], input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.once('error', reject);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(new Error(`openssl ended with ${code ?? 'a signal'}`));
    });
    child.stdin.once('error', () => undefined);
    child.stdin.end(input);
  });
}
