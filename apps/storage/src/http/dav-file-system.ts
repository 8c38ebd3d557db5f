import { v2 as webdav } from 'webdav-server';
import type { FileTree } from '../files/file-tree.js';
import { conditionOf } from './conditions.js';
import { StorageError, type StorageFault } from '../files/storage-error.js';

const { Errors } = webdav;

const davErrors: Readonly<Partial<Record<StorageFault, Error>>> = {
  missing: Errors.ResourceNotFound,
  'no-parent': Errors.IntermediateResourceMissing,
  exists: Errors.ResourceAlreadyExists,
  precondition: Errors.ResourceAlreadyExists,
  forbidden: Errors.Forbidden,
  full: Errors.InsufficientStorage,
};

/**
 * Our file tree in the shape that webdav-server works on. It keeps nothing about any path
 * (webdav-server's own file systems keep an entry for each path ever touched) and knows neither
 * locks nor dead properties.
 */
export class DavFileSystem extends webdav.FileSystem {
  readonly #tree: FileTree;
  readonly #onUnexpected: (error: unknown, context: webdav.RequestContext) => void;

  constructor(
    tree: FileTree,
    onUnexpected: (error: unknown, context: webdav.RequestContext) => void,
  ) {
    // It is never saved, so it needs no serializer; the declaration asks for one all the same.
    super({ uid: () => 'exrec', serialize: () => undefined, unserialize: () => undefined });
    this.doNotSerialize();
    this.#tree = tree;
    this.#onUnexpected = onUnexpected;
  }

  protected override _type(
    path: webdav.Path,
    { context }: webdav.TypeInfo,
    callback: webdav.ReturnCallback<webdav.ResourceType>,
  ): void {
    this.#answer(context, callback, async () => {
      const { kind } = await this.#tree.disk.entry(path.paths);
      return kind === 'file' ? webdav.ResourceType.File : webdav.ResourceType.Directory;
    });
  }

  protected override _create(
    path: webdav.Path,
    { context }: webdav.CreateInfo,
    callback: webdav.SimpleCallback,
  ): void {
    this.#answer(context, callback, () =>
      this.#tree.makeCollection(path.paths, conditionOn(context)),
    );
  }

  protected override _delete(
    path: webdav.Path,
    { context }: webdav.DeleteInfo,
    callback: webdav.SimpleCallback,
  ): void {
    this.#answer(context, callback, () => this.#tree.remove(path.paths, conditionOn(context)));
  }

  protected override _move(
    from: webdav.Path,
    to: webdav.Path,
    { context, overwrite }: webdav.MoveInfo,
    callback: webdav.ReturnCallback<boolean>,
  ): void {
    const transfer = { from: from.paths, to: to.paths, overwrite, mayTake: conditionOn(context) };
    this.#answer(context, callback, async () => !(await this.#tree.move(transfer)).created);
  }

  protected override _copy(
    from: webdav.Path,
    to: webdav.Path,
    { context, overwrite }: webdav.CopyInfo,
    callback: webdav.ReturnCallback<boolean>,
  ): void {
    // webdav-server does not pass the Depth of a COPY on.
    const shallow = context.headers.depth === 0;
    const mayTake = conditionOn(context);
    const transfer = { from: from.paths, to: to.paths, overwrite, shallow, mayTake };
    this.#answer(context, callback, async () => !(await this.#tree.copy(transfer)).created);
  }

  protected override _lockManager(
    _path: webdav.Path,
    _info: webdav.LockManagerInfo,
    callback: webdav.ReturnCallback<webdav.ILockManager>,
  ): void {
    callback(Errors.InvalidOperation);
  }

  protected override _propertyManager(
    _path: webdav.Path,
    _info: webdav.PropertyManagerInfo,
    callback: webdav.ReturnCallback<webdav.IPropertyManager>,
  ): void {
    callback(Errors.InvalidOperation);
  }

  /** What webdav-server throws in a callback ends up here too, not in the process. */
  #answer<T>(
    context: webdav.RequestContext,
    callback: webdav.ReturnCallback<T>,
    work: () => Promise<T>,
  ): void {
    work()
      .then(
        (result) => callback(undefined, result),
        (error: unknown) => {
          const known = error instanceof StorageError ? davErrors[error.fault] : undefined;
          if (known === undefined) throw error;
          callback(known);
        },
      )
      .catch((error: unknown) => this.#onUnexpected(error, context));
  }
}

/** The condition that the client set on what its request names. */
function conditionOn(context: webdav.RequestContext) {
  return context instanceof webdav.HTTPRequestContext
    ? conditionOf(context.request.headers)
    : undefined;
}
