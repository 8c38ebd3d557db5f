import type { Request, Response } from 'express';
import type { FileTree } from '../files/file-tree.js';
import type { StoragePath } from '../files/storage-path.js';
import { conditionOf } from './conditions.js';
import { ClientGone } from './get.js';

/** PUT of a file: 201 for a new one, 204 for a replaced one, after the disk has it. */
export async function answerPut(
  tree: FileTree,
  path: StoragePath,
  request: Request,
  response: Response,
): Promise<void> {
  try {
    const { created, entry } = await tree.put({
      path,
      body: request,
      announcedBytes: announcedBytes(request),
      mayReplace: conditionOf(request.headers),
      begin: () => inviteBody(request, response),
    });
    response
      .set('etag', entry.etag)
      .status(created ? 201 : 204)
      .end();
  } catch (error) {
    if (request.socket.destroyed) throw new ClientGone('the client is gone', { cause: error });
    throw error;
  }
}

/** A client that asked first (`Expect: 100-continue`) is told to send its body, once nothing speaks against it. */
export function inviteBody(request: Request, response: Response): void {
  if (request.headers.expect !== undefined) response.writeContinue();
}

function announcedBytes(request: Request): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}
