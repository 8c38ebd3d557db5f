import { cp, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { Disk } from './disk.js';
import type { Entry } from './entry.js';
import { Quota, Reservation } from './quota.js';
import { asStorageError, StorageError } from './storage-error.js';
import { isWithin, type StoragePath } from './storage-path.js';
import { Turns } from './turns.js';
import { FolderSync } from './folder-sync.js';
import { writeWhole } from './whole-file.js';

export type FileTreeOptions = {
  readonly dir: string;
  /** What tells this process from another on the same folder: its port. */
  readonly instance: string;
  /** No limit when left out. */
  readonly quotaBytes?: number | undefined;
};

export type Upload = {
  readonly path: StoragePath;
  readonly body: Readable;
  /** The length the client announced; `undefined` when it announced none. */
  readonly announcedBytes?: number | undefined;
  /**
   * The condition of the upload: asked with what stands there, before the body is read and in the moment before it is
   * replaced.
   */
  readonly mayReplace?: Condition | undefined;
  /** Told when nothing speaks against the upload: the client may send the body. */
  readonly begin?: (() => void) | undefined;
};

/** Whether what stands at a path may be changed; asked in the same turn as the change. */
type Condition = (current: Entry | undefined) => boolean;

export type Stored = { readonly created: boolean; readonly entry: Entry };

export type Transfer = {
  readonly from: StoragePath;
  readonly to: StoragePath;
  readonly overwrite: boolean;
  /** The condition on what stands at `from`. */
  readonly mayTake?: Condition | undefined;
};

/**
 * Files and collections below one folder. Every change becomes visible in one step, the rename of
 * something whole; those steps are taken one at a time, so that sizes and conditions hold.
 */
export class FileTree {
  readonly disk: Disk;
  readonly quota: Quota;
  readonly #turns = new Turns();
  readonly #folders = new FolderSync();

  private constructor(disk: Disk, quota: Quota) {
    this.disk = disk;
    this.quota = quota;
  }

  static async open(options: FileTreeOptions): Promise<FileTree> {
    const { dir, instance, quotaBytes = Infinity } = options;
    const disk = await Disk.open(dir, instance);
    const quota = new Quota({ limitBytes: quotaBytes, measure: () => disk.measure() });
    if (quotaBytes !== Infinity) await quota.recount();
    return new FileTree(disk, quota);
  }

  /**
   * Stores a file. Until the answer the name shows what it showed before; a body that ends early
   * leaves nothing behind. Of two uploads to one name the last to finish stays.
   * @throws StorageError `no-parent`, `is-collection`, `precondition`, `full`, `cut-short`
   */
  async put(upload: Upload): Promise<Stored> {
    const located = await this.disk.locate(upload.path);
    if (upload.mayReplace) await this.#admit(upload, located);
    await this.quota.assertRoom(upload.announcedBytes ?? 0);
    upload.begin?.();
    const room = new Reservation(this.quota);
    const unfinished = this.disk.incoming();
    try {
      const entry = await writeWhole(unfinished, upload, (totalBytes) => room.growTo(totalBytes));
      const created = await this.#turns.take(() => this.#publish(upload, unfinished, entry));
      await this.#folders.sync(dirname(located));
      return { created, entry };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw asStorageError(error);
    } finally {
      room.release();
    }
  }

  /** @throws StorageError `exists`, `no-parent` */
  async makeCollection(path: StoragePath, mayMake?: Condition): Promise<void> {
    const located = await this.disk.locate(path);
    await this.#turns.take(async () => {
      assertCondition(mayMake, await this.disk.find(located));
      if (await this.disk.find(located)) throw new StorageError('exists', 'the name is taken');
      await mkdir(located);
    });
    await this.#folders.sync(dirname(located));
  }

  /** Removes a file, or a collection with all it holds. @throws StorageError `missing`, `forbidden` */
  async remove(path: StoragePath, mayRemove?: Condition): Promise<void> {
    refuseRoot(path);
    const aside = await this.#turns.take(async () => {
      assertCondition(mayRemove, await this.disk.entry(path));
      return this.#setAside(await this.disk.locate(path));
    });
    await this.#discard(aside);
  }

  /**
   * Gives a file or a collection another name.
   * @returns whether the destination is new
   * @throws StorageError `missing`, `no-parent`, `forbidden`, `precondition` (it exists and `overwrite` is false)
   */
  async move({ from, to, overwrite, mayTake }: Transfer): Promise<{ readonly created: boolean }> {
    refuseOverlap(from, to);
    assertCondition(mayTake, await this.disk.entry(from));
    return this.#place(await this.disk.locate(from), to, overwrite);
  }

  /**
   * Copies a file, or a collection: with `shallow` without its members. Links are left out.
   * @returns whether the destination is new
   * @throws StorageError as `move`, and `full`
   */
  async copy(
    transfer: Transfer & { readonly shallow: boolean },
  ): Promise<{ readonly created: boolean }> {
    const { from, to, overwrite, shallow, mayTake } = transfer;
    refuseOverlap(from, to);
    const entry = await this.disk.entry(from);
    assertCondition(mayTake, entry);
    const { kind, sizeBytes } = entry;
    const source = await this.disk.locate(from);
    await this.#findReplaceable(await this.disk.locate(to), overwrite);
    const isWholeTree = kind === 'collection' && !shallow;
    const room = await this.quota.reserve(
      isWholeTree ? await this.disk.measure(source) : sizeBytes,
    );
    const unfinished = this.disk.incoming();
    try {
      if (kind === 'collection' && shallow) await mkdir(unfinished);
      else await cp(source, unfinished, { recursive: true, filter: isFileOrFolder });
      const copiedBytes = isWholeTree ? await this.disk.measure(unfinished) : sizeBytes;
      const answer = await this.#place(unfinished, to, overwrite);
      this.quota.add(copiedBytes);
      return answer;
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw asStorageError(error);
    } finally {
      room.release();
    }
  }

  async #admit({ mayReplace }: Upload, located: string): Promise<Entry | undefined> {
    const current = await this.disk.find(located);
    if (current?.kind === 'collection')
      throw new StorageError('is-collection', 'this is a collection');
    assertCondition(mayReplace, current);
    return current;
  }

  /** @returns whether there was nothing under this name */
  async #publish(upload: Upload, unfinished: string, { sizeBytes }: Entry): Promise<boolean> {
    const located = await this.disk.locate(upload.path);
    const replaced = await this.#admit(upload, located);
    await rename(unfinished, located);
    this.quota.add(sizeBytes - (replaced?.sizeBytes ?? 0));
    return replaced === undefined;
  }

  /** Puts something whole where it belongs, in one step; what stood there goes. */
  async #place(
    source: string,
    to: StoragePath,
    overwrite: boolean,
  ): Promise<{ readonly created: boolean }> {
    const { created, aside } = await this.#turns.take(async () => {
      const target = await this.disk.locate(to);
      const replaced = await this.#findReplaceable(target, overwrite);
      const aside = replaced && (await this.#setAside(target));
      await rename(source, target).catch(async (error: unknown) => {
        if (aside !== undefined) await rename(aside, target);
        throw asStorageError(error);
      });
      return { created: replaced === undefined, aside };
    });
    if (aside !== undefined) await this.#discard(aside);
    return { created };
  }

  async #findReplaceable(target: string, overwrite: boolean): Promise<Entry | undefined> {
    const current = await this.disk.find(target);
    if (current !== undefined && !overwrite) {
      throw new StorageError('precondition', 'the destination exists');
    }
    return current;
  }

  async #setAside(located: string): Promise<string> {
    const aside = this.disk.incoming();
    await rename(located, aside).catch((error: unknown) => {
      throw asStorageError(error);
    });
    return aside;
  }

  async #discard(aside: string): Promise<void> {
    const stats = await lstat(aside);
    const bytes = stats.isDirectory() ? await this.disk.measure(aside) : stats.size;
    await rm(aside, { recursive: true });
    this.quota.add(-bytes);
  }
}

/** @throws StorageError `precondition` */
export function assertCondition(holds: Condition | undefined, current: Entry | undefined): void {
  if (holds?.(current) === false)
    throw new StorageError('precondition', 'the condition does not hold');
}

function refuseRoot(path: StoragePath): void {
  if (path.length === 0) throw new StorageError('forbidden', 'the root stays');
}

/** @throws StorageError `forbidden` when one contains the other or both are the same */
export function refuseOverlap(from: StoragePath, to: StoragePath): void {
  if (isWithin(to, from) || isWithin(from, to)) {
    throw new StorageError('forbidden', 'source and destination contain each other');
  }
}

async function isFileOrFolder(located: string): Promise<boolean> {
  const stats = await lstat(located);
  return stats.isFile() || stats.isDirectory();
}
