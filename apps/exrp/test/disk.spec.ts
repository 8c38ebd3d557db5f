import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordingIdOf } from '@exrec/gc-metadata';
import { oggOpusFile, runCommand, waitFor } from '@exrec/testing';
import { ExrpStack } from './exrp-stack.js';

let stack: ExrpStack;
beforeAll(async () => {
  stack = await ExrpStack.start({
    settings: { EXRP_SPOOL_MAX_MB: '0.3', EXRP_MAX_AUDIO_MB: '0.25', EXRP_CONCURRENCY: '4' },
  });
});
afterAll(() => stack.stop());

/** Holds up a request about this recording until the faults are cleared. */
function holdUp(target: 's3.put' | 'gc.uploads', name: string): Promise<void> {
  const subject = recordingIdOf(name);
  return stack.gc.faults.order({ target, kind: 'delay', delayMs: 120_000, subject });
}

/** Two of these do not fit into the spool. */
const audio = oggOpusFile(150_000);

it('makes recordings wait while the spool is full, and goes on when there is room', async () => {
  const names = ['big-1.opus', 'big-2.opus', 'big-3.opus'];
  await Promise.all(names.map((name) => stack.put(name, audio)));
  const first = names[0]!;
  await holdUp('s3.put', first);
  await stack.inject(first);
  await stack.until(first, 'uploading');
  await Promise.all(names.slice(1).map((name) => stack.inject(name)));
  await Promise.all(names.slice(1).map((name) => stack.until(name, 'waiting', 'spool-full')));
  await stack.gc.faults.clear();
  await Promise.all(names.map((name) => stack.until(name, 'uploaded')));
  const labels = { state: 'waiting', cause: 'spool-full' };
  expect(await stack.metric('exrec_attempts_failed_total', labels)).toBeGreaterThanOrEqual(2);
});

it('keeps no part of a ZIP that the disk had no room for, and sends it whole later', async () => {
  const name = 'no-room.opus';
  await stack.put(name, audio);
  // Stands for a full disk: from now on this process may write no file beyond 50 kB.
  const limit = async (bytes: string) => {
    const { exitCode } = await runCommand('prlimit', [
      '--pid',
      `${stack.exrp.pid}`,
      `--fsize=${bytes}:`,
    ]);
    expect(exitCode).toBe(0);
  };
  await limit('50000');
  await stack.inject(name);
  const view = await stack.until(name, 'waiting', 'spool-full');
  expect(view.detail).toContain('EFBIG');
  await waitFor('an empty spool', async () => (await stack.spooled()).all.length === 0);
  expect(stack.arrived(name)).toBeUndefined();
  await limit('unlimited');
  await stack.until(name, 'uploaded');
  expect((await stack.verdict(name)).verdict).toEqual({ ok: true, problems: [] });
});

/** A file system of 1 MB, where this user may mount one. */
async function smallDisk(): Promise<{ path: string; unmount(): Promise<unknown> } | undefined> {
  const path = join(stack.dir, 'small-disk');
  mkdirSync(path, { recursive: true });
  const mount = await runCommand('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]).catch(
    () => undefined,
  );
  if (mount?.exitCode !== 0) return undefined;
  return { path, unmount: () => runCommand('umount', [path]) };
}

it('waits for room on a disk that is really full, and then sends every ZIP whole', async () => {
  const disk = await smallDisk();
  if (disk === undefined) {
    // The limit of the test above stands for it there.
    process.stderr.write('not tried on a full disk: this user may not mount one\n');
    return;
  }
  const names = ['full-1.opus', 'full-2.opus'];
  await Promise.all(names.map((name) => stack.put(name, audio)));
  const { app, client } = await stack.another({
    REDIS_KEY_PREFIX: 'small-disk',
    EXRP_SPOOL_DIR: disk.path,
    EXRP_SPOOL_MAX_MB: '1024',
  });
  const filler = join(disk.path, 'somebody-else');
  writeFileSync(filler, Buffer.alloc(950_000));
  try {
    await Promise.all(names.map((name) => client.inject(name)));
    const views = await Promise.all(
      names.map((name) => client.until(name, 'waiting', 'spool-full')),
    );
    for (const view of views) expect(view.detail).toContain('ENOSPC');
    for (const name of names) expect(stack.arrived(name)).toBeUndefined();
    rmSync(filler);
    await Promise.all(names.map((name) => client.until(name, 'uploaded')));
    for (const name of names)
      expect((await stack.verdict(name)).verdict).toEqual({ ok: true, problems: [] });
  } finally {
    await app.kill();
    await disk.unmount();
  }
});

it('takes nothing away from the instance that has the port already', async () => {
  const name = 'taken.opus';
  await stack.put(name, audio);
  await holdUp('gc.uploads', name);
  await stack.inject(name);
  await waitFor('the ZIP', async () => (await stack.spooled()).all.length === 1);
  const { app } = await stack.another({}, stack.exrp.port);
  expect(await app.ended).toEqual({ code: 1, signal: null });
  await stack.gc.faults.clear();
  expect(await stack.until(name, 'uploaded')).toMatchObject({ attempts: 1 });
});

it('leaves nothing but its own empty folder', async () => {
  expect(await stack.spooled()).toEqual({ all: [], clear: [] });
  expect(readdirSync(join(stack.dir, 'spool'))).toHaveLength(1);
});
