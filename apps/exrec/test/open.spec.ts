import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundledProgram, workspaceRoot } from '@exrec/testing';
import JSZip from 'jszip';
import { createMessage, encrypt, generateKey, readKey } from 'openpgp';

const run = promisify(execFile);
const audio = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(5_000, 7)]);

let dir: string;
let recordingId: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-open-test-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function exrec(...args: readonly string[]) {
  const file = await bundledProgram('apps/exrec');
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [file, ...args], { cwd: dir }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** An upload as EXRP makes it, of a sample's metadata. */
async function upload(
  container: 'openpgp' | 'cms',
  sealed: Buffer,
  claimed = audio,
): Promise<string> {
  const examples = join(workspaceRoot(), 'libs', 'gc-metadata', 'examples');
  const [example = ''] = (await readdir(examples)).filter((name) => !name.includes('request'));
  const metadata = JSON.parse(await readFile(join(examples, example), 'utf8'));
  recordingId = String(metadata.recordingId);
  metadata.audio.sizeBytes = claimed.length;
  metadata.audio.sha256 = createHash('sha256').update(claimed).digest('hex');
  metadata.encryption.container = container;
  const zip = new JSZip();
  zip.file(`${recordingId}.opus.${container === 'cms' ? 'p7m' : 'pgp'}`, sealed);
  zip.file('metadata.json', JSON.stringify(metadata));
  const file = join(dir, `${recordingId}.zip`);
  await writeFile(file, await zip.generateAsync({ type: 'nodebuffer' }));
  return file;
}

async function pgpKeys(name: string) {
  const keys = await generateKey({
    type: 'rsa',
    rsaBits: 2048,
    userIDs: [{ name }],
    format: 'armored',
  });
  const secretFile = join(dir, `${name}.asc`);
  await writeFile(secretFile, keys.privateKey);
  return { publicKey: keys.publicKey, secretFile };
}

async function sealPgp(publicKey: string): Promise<Buffer> {
  const message = await createMessage({ binary: new Uint8Array(audio) });
  const encryptionKeys = await readKey({ armoredKey: publicKey });
  return Buffer.from(await encrypt({ message, encryptionKeys, format: 'binary' }));
}

it('opens an OpenPGP upload, and writes the audio only when it is told to', async () => {
  const { publicKey, secretFile } = await pgpKeys('ours');
  const file = await upload('openpgp', await sealPgp(publicKey));
  const opened = await exrec('open', file, '--key', secretFile);
  expect(opened).toMatchObject({ code: 0, stdout: expect.stringContaining('the upload is whole') });
  expect(await readdir(dir)).not.toContain('audio.opus');
  expect((await exrec('open', file, '--key', secretFile, '--out', 'audio.opus')).code).toBe(0);
  expect((await readFile(join(dir, 'audio.opus'))).equals(audio)).toBe(true);
  expect((await stat(join(dir, 'audio.opus'))).mode & 0o077).toBe(0);
});

it('names what does not fit, and a key that is not the right one', async () => {
  const { publicKey, secretFile } = await pgpKeys('right');
  const other = await pgpKeys('wrong');
  const file = await upload('openpgp', await sealPgp(publicKey), Buffer.from('OggS and less'));
  const opened = await exrec('open', file, '--key', secretFile);
  expect(opened.code).toBe(1);
  expect(opened.stdout).toMatch(/✗ size.*\n.*✗ digest/);
  const refused = await exrec('open', file, '--key', other.secretFile);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('does not open it') });
  expect(await exrec('open', file)).toMatchObject({ code: 2 });
  expect(await exrec('open', 'nothing.zip', '--key', secretFile)).toMatchObject({ code: 2 });
});

it('opens a CMS upload', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [keyFile, certificate, plain] = ['key.pem', 'cert.pem', 'plain'].map((name) =>
    join(dir, name),
  );
  await writeFile(keyFile!, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(plain!, audio);
  await run('openssl', [
    'req',
    '-x509',
    '-new',
    '-key',
    keyFile!,
    '-subj',
    '/CN=t',
    '-out',
    certificate!,
  ]);
  const cms = [
    'cms',
    '-encrypt',
    '-binary',
    '-aes256',
    '-outform',
    'DER',
    '-in',
    plain!,
    certificate!,
  ];
  const { stdout } = await run('openssl', cms, { encoding: 'buffer' });
  const file = await upload('cms', stdout);
  const opened = await exrec('open', file, '--key', keyFile!, '--json');
  expect(JSON.parse(opened.stdout)).toMatchObject({ whole: true, metadata: { recordingId } });
});

it('packs a support archive that names no setting’s value', async () => {
  const { code } = await exrec('bundle', '--out', 'bundle.zip', '--token', 'secret-token-of-mine');
  expect(code).toBe(0);
  const zip = await JSZip.loadAsync(await readFile(join(dir, 'bundle.zip')));
  expect(Object.keys(zip.files)).toEqual(
    expect.arrayContaining(['settings.json', 'ledger/version.txt']),
  );
  for (const file of Object.values(zip.files))
    expect(await file.async('string')).not.toContain('secret-token-of-mine');
});
