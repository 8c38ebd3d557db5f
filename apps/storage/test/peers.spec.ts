import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { password, startStorage, username, type StorageServer } from './storage-server.js';

const call = '02AB7QK3D4FH59LMN0PQ6RSTUV000017_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus';
const second = '02AB7QK3D4FH59LMN0PQ6RSTUV000018.opus';
const audio = randomBytes(3_000_000);

let storage: StorageServer;
let folder: string;
beforeEach(async () => {
  storage = await startStorage();
  folder = await mkdtemp(join(tmpdir(), 'exrec-peers-'));
});
afterEach(async () => {
  await storage.stop();
  await rm(folder, { recursive: true });
});

/** @throws Error with what the program said when it ends with anything but 0 */
function peer(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}: ${stdout}${stderr}`));
    });
  });
}

const isAudio = async (path: string) => (await readFile(path)).equals(audio);

it('is copied to, compared, read in part, moved and emptied by rclone', async () => {
  const secret = await peer('rclone', ['obscure', password], {});
  const environment = {
    RCLONE_CONFIG: join(folder, 'rclone.conf'),
    RCLONE_CONFIG_SITE_TYPE: 'webdav',
    RCLONE_CONFIG_SITE_VENDOR: 'other',
    RCLONE_CONFIG_SITE_URL: storage.url,
    RCLONE_CONFIG_SITE_USER: username,
    RCLONE_CONFIG_SITE_PASS: secret.trim(),
  };
  const rclone = (...args: string[]) => peer('rclone', args, environment);
  const from = join(folder, 'from');
  await mkdir(join(from, '2026-03'), { recursive: true });
  await writeFile(join(from, call), audio);
  await writeFile(join(from, '2026-03', second), 'OggS');
  await writeFile(join(from, 'empty.opus'), '');

  await rclone('copy', from, 'site:');
  await rclone('check', '--download', from, 'site:');
  expect((await rclone('lsf', '-R', 'site:')).trim().split('\n').toSorted()).toEqual(
    ['2026-03/', `2026-03/${second}`, call, 'empty.opus'].toSorted(),
  );
  expect(await rclone('cat', '--offset', '2', '--count', '2', `site:2026-03/${second}`)).toBe('gS');
  await rclone('moveto', `site:${call}`, 'site:2026-03/moved.opus');
  await rclone('copyto', 'site:2026-03/moved.opus', 'site:copied.opus');
  await rclone('copy', 'site:', join(folder, 'back'));
  expect(await isAudio(join(folder, 'back', '2026-03', 'moved.opus'))).toBe(true);
  expect(await isAudio(join(folder, 'back', 'copied.opus'))).toBe(true);
  await rclone('purge', 'site:2026-03');
  await rclone('delete', 'site:');
  expect((await rclone('lsf', '-R', 'site:')).trim()).toBe('');
});

it('is worked by hand with cadaver', async () => {
  await writeFile(join(folder, call), audio);
  const { hostname, port } = new URL(storage.url);
  await writeFile(
    join(folder, '.netrc'),
    `machine ${hostname}\nlogin ${username}\npassword "${password}"\n`,
  );
  const cadaver = async (...lines: string[]) => {
    await writeFile(join(folder, 'commands'), [...lines, 'quit', ''].join('\n'));
    const shell = `cadaver http://${hostname}:${port}/ < commands`;
    return peer('sh', ['-c', shell], {});
  };
  const put = await cadaver(`put ${call}`, 'mkcol march', `copy ${call} march/copy.opus`, 'ls');
  expect(put).not.toMatch(/failed/i);
  expect(put).toContain(call.slice(0, 20));
  const moved = await cadaver(`move ${call} march/moved.opus`, 'cd march', 'ls');
  expect(moved).not.toMatch(/failed/i);
  expect(moved).toMatch(/copy\.opus +3000000/);
  const got = await cadaver('get march/moved.opus back.opus', 'rmcol march', 'ls');
  expect(got).not.toMatch(/failed/i);
  expect(await isAudio(join(folder, 'back.opus'))).toBe(true);
  expect((await readdir(storage.dir)).filter((name) => !name.startsWith('.'))).toEqual([]);
});
