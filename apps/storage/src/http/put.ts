import { HttpProblem } from '@exrec/service-kit';
import type { Request, Response } from 'express';
import type { FileTree } from '../files/file-tree.js';
import type { StoragePath } from '../files/storage-path.js';
import { permitsChange } from './conditions.js';
import { ClientGone } from './get.js';

/** PUT of a file: 201 for a new one, 204 for a replaced one, after the disk has it. */
export async function answerPut(
  tree: FileTree,
  path: StoragePath,
  request: Request,
  response: Response,
): Promise<void> {
  // RFC 9110 14.4: a partial PUT must not be taken for a whole one.
  if (request.headers['content-range'] !== undefined) {
    throw new HttpProblem(400, { detail: 'a PUT with Content-Range is not supported' });
  }
  try {
    const { created, entry } = await tree.put({
      path,
      // Not destroyed on refusal: the client must be able to read the answer.
      body: request.iterator({ destroyOnReturn: false }),
      announcedBytes: announcedBytes(request),
      mayReplace: (current) => permitsChange(request.headers, current),
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

function announcedBytes(request: Request): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}
