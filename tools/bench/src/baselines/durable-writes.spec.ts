import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durableWrites } from './durable-writes.js';

it('writes as many files as wanted, also with more writers than files, and leaves none', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'exrec-durable-'));
  const durationMs = await durableWrites(dir, Buffer.alloc(1_000), { files: 3, atOnce: 8 });
  expect(durationMs).toBeGreaterThan(0);
  expect(await readdir(dir)).toEqual([]);
  await rm(dir, { recursive: true });
});
