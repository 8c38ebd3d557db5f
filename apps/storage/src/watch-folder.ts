import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import type { Health, Metrics } from '@exrec/service-kit';
import { Gauge } from 'prom-client';
import type { FileTree } from './files/file-tree.js';

const lowShare = 0.05;

/** Readiness and metrics of the folder: writable, and with room left on its disk and in its quota. */
export function watchFolder({ disk, quota }: FileTree, health: Health, metrics: Metrics): void {
  health.addCheck('folder', async () => {
    await access(disk.rootDir, constants.R_OK | constants.W_OK);
    const { bavail, blocks } = await statfs(disk.rootDir);
    return bavail < blocks * lowShare ? { degraded: 'the disk is nearly full' } : undefined;
  });
  const registers = [metrics.registry];
  new Gauge({
    name: 'exrec_storage_free_bytes',
    help: 'free bytes on the disk of the storage folder',
    registers,
    async collect() {
      const { bavail, bsize } = await statfs(disk.rootDir);
      this.set(bavail * bsize);
    },
  });
  if (quota.limitBytes === Infinity) return;
  health.addCheck('quota', () =>
    quota.usedBytes > quota.limitBytes * (1 - lowShare)
      ? { degraded: 'the quota is nearly used up' }
      : undefined,
  );
  metrics.gauge('exrec_storage_quota_bytes', 'most that the files may take').set(quota.limitBytes);
  new Gauge({
    name: 'exrec_storage_used_bytes',
    help: 'bytes in stored files',
    registers,
    collect() {
      this.set(quota.usedBytes);
    },
  });
}
