import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { HeldKey } from '../keys/held-key.js';
import { entryStream } from './entry-bytes.js';
import type { ZipEntry } from './zip-structure.js';

/**
 * Decrypts a CMS EnvelopedData entry (DER) with `openssl cms` and gives each piece to `onAudio`.
 * @throws Error when it doesn't open, or the machine has no openssl
 */
export async function openCms(
  { file, entry, key }: { readonly file: string; readonly entry: ZipEntry; readonly key: HeldKey },
  onAudio: (chunk: Buffer) => void,
): Promise<string[]> {
  if (key.secret.kind !== 'rsa') throw new Error('CMS needs a bare RSA key');
  const dir = await mkdtemp(join(tmpdir(), 'exrec-simulator-cms-'));
  try {
    const keyFile = join(dir, 'key.pem');
    await writeFile(keyFile, key.secret.text, { mode: 0o600 });
    const child = spawn(
      'openssl',
      ['cms', '-decrypt', '-binary', '-inform', 'DER', '-inkey', keyFile],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    child.stdout.on('data', (chunk: Buffer) => onAudio(chunk));
    const [code] = await Promise.all([ended, pipeline(entryStream(file, entry), child.stdin)]);
    if (code !== 0) throw new Error('openssl cannot open it');
    return [];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
