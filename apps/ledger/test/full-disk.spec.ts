import { chmod, mkdtemp, rm, statfs, unlink } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { runCommand, waitFor } from '@exrec/testing';
import { ask, itemsOf, startLedgerService } from './ledger-service.js';
import { segmentEntry } from './sample-entries.js';

/** A disk of its own for PostgreSQL; undefined where this user may not mount one. */
async function smallDisk(): Promise<string | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'exrec-small-disk-'));
  await chmod(path, 0o755);
  const options = ['-t', 'tmpfs', '-o', 'size=200m', 'tmpfs', path];
  const mount = await runCommand('mount', options).catch(() => undefined);
  if (mount?.exitCode === 0) return path;
  await rm(path, { recursive: true });
  return undefined;
}

/** Takes all the room that is left. */
async function fill(path: string): Promise<string> {
  const ballast = join(path, 'ballast');
  const { bavail, bsize } = await statfs(path);
  const blocks = Readable.from(
    Array.from({ length: Math.ceil((bavail * bsize) / 65_536) }, () => Buffer.alloc(65_536)),
  );
  await pipeline(blocks, createWriteStream(ballast)).catch(() => undefined);
  return ballast;
}

it('waits while the disk of PostgreSQL is full, and misses nothing when there is room again', async () => {
  const disk = await smallDisk();
  if (disk === undefined) {
    process.stderr.write('not tried on a full disk: this user may not mount one\n');
    return;
  }
  const service = await startLedgerService(disk);
  try {
    const app = await service.start();
    await service.tell(segmentEntry(0, 0));
    await service.caughtUp();
    const ballast = await fill(disk);
    const count = 300;
    await service.tell(...Array.from({ length: count }, (_, index) => segmentEntry(index + 1, 0)));
    // Every change is in one of both: what is acknowledged was committed.
    await waitFor('a refusal', () => app.output().includes('ledger.not-consuming'));
    expect(await service.redis.xlen('{exrec}:ledger')).toBeGreaterThan(0);
    expect((await ask(app.url, '/health/live')).status).toBe(200);
    await unlink(ballast);
    await service.postgres.restart();
    await service.caughtUp();
    const { body } = await ask(app.url, '/api/v1/summary?from=2026-03-01&to=2026-04-01&by=state');
    expect(body.items).toMatchObject([{ recordings: count + 1 }]);
    expect(itemsOf(await ask(app.url, '/api/v1/recordings?limit=500'))).toHaveLength(count + 1);
  } finally {
    await service.stop();
    await runCommand('umount', [disk]);
    await rm(disk, { recursive: true });
  }
});
