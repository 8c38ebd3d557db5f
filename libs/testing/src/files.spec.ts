import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesContaining, listFiles } from './files.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-files-'));
  await mkdir(join(dir, 'b/c'), { recursive: true });
  await writeFile(join(dir, 'a.bin'), Buffer.concat([Buffer.alloc(70_000), Buffer.from('OggS')]));
  await writeFile(join(dir, 'b/c/d.txt'), 'nothing here');
});

afterEach(() => rm(dir, { recursive: true }));

it('lists files of all depths', async () => {
  expect(await listFiles(dir)).toEqual(['a.bin', 'b/c/d.txt']);
});

it('finds a text wherever it stands in a file', async () => {
  expect(await filesContaining(dir, 'OggS')).toEqual(['a.bin']);
  expect(await filesContaining(dir, Buffer.from('here'))).toEqual(['b/c/d.txt']);
});

it('finds nothing in a folder that is not there', async () => {
  expect(await listFiles(join(dir, 'none'))).toEqual([]);
});
