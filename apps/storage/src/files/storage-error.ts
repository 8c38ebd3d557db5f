/** What can be wrong with a request about files; the HTTP side gives each a status. */
export type StorageFault =
  | 'bad-name'
  | 'missing'
  | 'no-parent'
  | 'exists'
  | 'is-collection'
  | 'forbidden'
  | 'precondition'
  | 'cut-short'
  | 'full';

/** A refusal by the file tree. Its message never carries a name or a path. */
export class StorageError extends Error {
  readonly fault: StorageFault;

  constructor(fault: StorageFault, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.name = 'StorageError';
    this.fault = fault;
  }
}

const meanings: Readonly<Record<string, readonly [StorageFault, string]>> = {
  ENOENT: ['missing', 'there is nothing of this name'],
  ENOTDIR: ['missing', 'a parent is not a collection'],
  ELOOP: ['forbidden', 'links are not followed'],
  EACCES: ['forbidden', 'the storage folder does not allow this'],
  EPERM: ['forbidden', 'the storage folder does not allow this'],
  EROFS: ['forbidden', 'the storage folder is read-only'],
  EISDIR: ['is-collection', 'this is a collection'],
  ENAMETOOLONG: ['bad-name', 'the path is too long'],
  ENOSPC: ['full', 'the disk is full'],
  EDQUOT: ['full', 'the disk quota is used up'],
};

/** The refusal behind a file system error, or the error itself when it is none of the client's business. */
export function asStorageError(error: unknown): unknown {
  if (error instanceof StorageError) return error;
  const meaning = meanings[errorCode(error) ?? ''];
  return meaning === undefined ? error : new StorageError(meaning[0], meaning[1], error);
}

/** The `code` of a system error, e.g. `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
