import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@exrec/testing';

/** A disk for the spool that can be filled up. */
export type SpoolDisk = {
  /** The folder for the spool on it. */
  readonly spoolDir: string;
  /** Takes all room that is left; false where no disk of its own could be had. */
  readonly fill: () => Promise<boolean>;
  readonly free: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const megabytes = 24;

/** A small file system of its own where this user may mount one, else a plain folder. */
export async function spoolDisk(path: string): Promise<SpoolDisk> {
  await mkdir(path, { recursive: true });
  const size = `size=${megabytes}m,mode=700`;
  const mounted = await runCommand('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', path]).catch(
    () => undefined,
  );
  const isMounted = mounted?.exitCode === 0;
  const ballast = join(path, 'ballast');
  return {
    spoolDir: join(path, 'spool'),
    fill: async () => {
      if (!isMounted) return false;
      // It writes what there is room for, and fails.
      await writeFile(ballast, Buffer.alloc(megabytes * 1024 * 1024)).catch(() => undefined);
      return true;
    },
    free: () => rm(ballast, { force: true }),
    stop: async () => {
      // Lazily: who was killed may not have let go yet.
      if (isMounted) await runCommand('umount', ['--lazy', path]);
    },
  };
}
