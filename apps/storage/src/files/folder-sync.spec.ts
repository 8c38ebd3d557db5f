import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderSync } from './folder-sync.js';

let dir: string;
let folders: FolderSync;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exrec-sync-'));
  folders = new FolderSync();
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it('answers everybody who asks, together or one after the other', async () => {
  await Promise.all(Array.from({ length: 20 }, () => folders.sync(dir)));
  await folders.sync(dir);
});

it('lets those who come while it is at work wait for a turn of their own', async () => {
  const done: string[] = [];
  const first = folders.sync(dir).then(() => done.push('first'));
  await new Promise((resolve) => setImmediate(resolve));
  const second = folders.sync(dir).then(() => done.push('second'));
  await Promise.all([first, second]);
  expect(done).toEqual(['first', 'second']);
});

it('tells everybody of a turn when the folder cannot be synchronised, and works again afterwards', async () => {
  const missing = join(dir, 'missing');
  const asked = [folders.sync(missing), folders.sync(missing)];
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await folders.sync(dir);
});
