import { randomUUID } from 'node:crypto';
import { constants, fstatSync } from 'node:fs';
import {
  lstat,
  mkdir,
  open,
  opendir,
  readdir,
  realpath,
  rm,
  type FileHandle,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { toEntry, type Entry } from './entry.js';
import { asStorageError, errorCode, StorageError } from './storage-error.js';
import { isPlainName, type StoragePath } from './storage-path.js';

/** Unfinished files live here: in the same file system, and under a name that no client can utter. */
const incomingFolder = '.incoming';

export type Child = { readonly name: string; readonly entry: Entry };

/** The storage folder: turns storage paths into disk paths without ever following a link. */
export class Disk {
  readonly rootDir: string;
  readonly #incomingDir: string;

  private constructor(rootDir: string, instance: string) {
    this.rootDir = rootDir;
    // One for each run: what is in the others of its instance is left over, whenever that is looked at.
    this.#incomingDir = join(rootDir, incomingFolder, instance, randomUUID());
  }

  /**
   * Opens a storage folder, making it where it is missing.
   * @param instance what tells this process from another on the same folder: its port
   */
  static async open(dir: string, instance: string): Promise<Disk> {
    await mkdir(resolve(dir), { recursive: true });
    const disk = new Disk(await realpath(dir), instance);
    await mkdir(disk.#incomingDir, { recursive: true, mode: 0o700 });
    return disk;
  }

  /**
   * Removes what earlier processes of this instance left unfinished. Only who has the port may do it:
   * before that, the one who has it may be in the middle of its uploads.
   */
  async removeLeftovers(): Promise<void> {
    const instanceDir = dirname(this.#incomingDir);
    for (const name of await readdir(instanceDir)) {
      if (name !== basename(this.#incomingDir))
        await rm(join(instanceDir, name), { recursive: true, force: true });
    }
  }

  /** A fresh place for something unfinished, or for something on its way out. */
  incoming(): string {
    return join(this.#incomingDir, randomUUID());
  }

  /**
   * The disk path of a storage path whose parents are real collections.
   * @throws StorageError `no-parent`, `forbidden`
   */
  async locate(path: StoragePath): Promise<string> {
    const located = join(this.rootDir, ...path);
    if (path.length > 1) await refuseLinks(dirname(located));
    return located;
  }

  /** @throws StorageError `missing`, `forbidden` */
  async entry(path: StoragePath): Promise<Entry> {
    const entry = await this.find(await this.#locateExisting(path));
    if (entry === undefined) throw new StorageError('missing', 'there is nothing of this name');
    return entry;
  }

  /** What stands at a disk path; `undefined` for nothing. @throws StorageError `forbidden` */
  async find(located: string): Promise<Entry | undefined> {
    try {
      const entry = toEntry(await lstat(located, { bigint: true }));
      if (entry === undefined)
        throw new StorageError('forbidden', 'neither a file nor a collection');
      return entry;
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
      throw asStorageError(error);
    }
  }

  /**
   * Opens a file for reading; the entry describes exactly the bytes behind the handle, whatever
   * happens to the name afterwards. The caller closes the handle.
   * @throws StorageError `missing`, `forbidden`, `is-collection`
   */
  async openFile(
    path: StoragePath,
  ): Promise<{ readonly handle: FileHandle; readonly entry: Entry }> {
    const located = await this.#locateExisting(path);
    const entry = await this.find(located);
    if (entry?.kind === 'collection')
      throw new StorageError('is-collection', 'this is a collection');
    const handle = await openWithoutFollowing(located);
    try {
      // What has just been opened is known to the kernel: nothing to wait for.
      const opened = toEntry(fstatSync(handle.fd, { bigint: true }));
      if (opened?.kind !== 'file') throw new StorageError('forbidden', 'not a file');
      return { handle, entry: opened };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The members of a collection, one by one, in no order. Links and hidden names are not members. */
  async *children(path: StoragePath): AsyncIterable<Child> {
    const located = await this.#locateExisting(path);
    for await (const { name } of await opendir(located, { bufferSize: 128 })) {
      if (!isPlainName(name)) continue;
      const stats = await lstat(join(located, name), { bigint: true }).catch(() => undefined);
      const entry = stats && toEntry(stats);
      if (entry) yield { name, entry };
    }
  }

  /** Bytes in all files below a folder on the disk, unfinished ones aside; walks the tree. */
  async measure(dir = this.rootDir): Promise<number> {
    let bytes = 0;
    for await (const member of await opendir(dir, { bufferSize: 128 })) {
      const located = join(dir, member.name);
      if (located === join(this.rootDir, incomingFolder)) continue;
      if (member.isDirectory()) bytes += await this.measure(located);
      // A file may vanish while the walk goes on.
      else if (member.isFile()) bytes += (await lstat(located).catch(() => undefined))?.size ?? 0;
    }
    return bytes;
  }

  async #locateExisting(path: StoragePath): Promise<string> {
    try {
      return await this.locate(path);
    } catch (error) {
      if (!(error instanceof StorageError) || error.fault !== 'no-parent') throw error;
      throw new StorageError('missing', 'there is nothing of this name', error);
    }
  }
}

async function refuseLinks(dir: string): Promise<void> {
  let real: string;
  try {
    real = await realpath(dir);
    if (real !== dir) throw new StorageError('forbidden', 'links are not followed');
    if ((await lstat(dir)).isDirectory()) return;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR')
      throw asStorageError(error);
  }
  throw new StorageError('no-parent', 'the parent collection does not exist');
}

async function openWithoutFollowing(located: string): Promise<FileHandle> {
  try {
    // O_NONBLOCK: a FIFO put there by hand must not hang the request.
    return await open(located, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw asStorageError(error);
  }
}
