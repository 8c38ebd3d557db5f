import type { BigIntStats } from 'node:fs';

/** One file or collection as it stands on the disk. */
export type Entry = {
  readonly kind: 'file' | 'collection';
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly createdAtMs: number;
  /** Strong: a file is never changed in place, so another content is another inode or time. */
  readonly etag: string;
};

/** `undefined` for what is neither a file nor a collection: links, devices, sockets. */
export function toEntry(stats: BigIntStats): Entry | undefined {
  if (!stats.isFile() && !stats.isDirectory()) return undefined;
  return {
    kind: stats.isFile() ? 'file' : 'collection',
    sizeBytes: stats.isFile() ? Number(stats.size) : 0,
    modifiedAtMs: Number(stats.mtimeNs / 1_000_000n),
    createdAtMs: Number(stats.birthtimeNs / 1_000_000n),
    etag: `"${stats.ino.toString(36)}-${stats.size.toString(36)}-${stats.mtimeNs.toString(36)}"`,
  };
}
