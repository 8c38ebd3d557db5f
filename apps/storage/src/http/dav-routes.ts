import { HttpProblem, type Logger } from '@exrec/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import { refuseOverlap, type FileTree } from '../files/file-tree.js';
import { StorageError } from '../files/storage-error.js';
import { parseStoragePath, type StoragePath } from '../files/storage-path.js';
import { DavEngine, type DavRequest } from './dav-engine.js';
import { answerGet, ClientGone } from './get.js';
import { allowedMethods, methodNotAllowed, toProblem } from './problems.js';
import { answerPropfind } from './propfind.js';
import { answerPut } from './put.js';

/** A transfer that stands still for this long is given up (our choice); a slow one may take for ever. */
const idleMs = 120_000;

/** Names at the root that belong to the service itself (CONTRACTS 9.4). */
const reservedNames = ['health', 'metrics'];

/** Everything below `/` that is not a reserved name: WebDAV class 1 without PROPPATCH (our choice). */
export function davRoutes(tree: FileTree, logger: Logger): RequestHandler {
  const engine = new DavEngine(tree, logger);
  return async (request, response) => {
    response.setTimeout(idleMs, () => request.socket.destroy());
    try {
      await answer(tree, engine, request, response);
    } catch (error) {
      if (error instanceof ClientGone) return;
      // Reads the rest of a refused body, so that the client gets to read the answer.
      request.resume();
      throw toProblem(error);
    }
  };
}

async function answer(
  tree: FileTree,
  engine: DavEngine,
  request: Request,
  response: Response,
): Promise<void> {
  const path = freePath(request.url);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return answerGet(tree.disk, path, request, response);
    case 'PUT':
      return answerPut(tree, path, request, response);
    case 'PROPFIND':
      return answerPropfind(tree.disk, path, request, response);
    case 'OPTIONS':
      response.set({ dav: '1', allow: allowedMethods }).status(200).end();
      return;
    case 'DELETE':
    case 'MKCOL':
    case 'COPY':
    case 'MOVE':
      engine.handle(checked(path, request), request, response);
      return;
    default:
      throw methodNotAllowed();
  }
}

/** What webdav-server must not see, beyond names. */
function checked(path: StoragePath, request: Request): DavRequest {
  // RFC 4918 10.4: there are no locks, so no condition on a lock token can be true.
  if (request.headers.if !== undefined)
    throw new StorageError('precondition', 'there are no locks here');
  // It would make room for a body of any announced length (litmus: mkcol_with_body is a 415).
  const announced = request.headers['content-length'] ?? '0';
  if (request.headers['transfer-encoding'] !== undefined || Number(announced) !== 0) {
    throw new HttpProblem(415, { detail: 'the method takes no body' });
  }
  const header = request.get('destination');
  if (request.method !== 'COPY' && request.method !== 'MOVE') return { path };
  if (header === undefined)
    throw new HttpProblem(400, { detail: 'a Destination header is needed' });
  // Its host does not count: a proxy in front of us may have changed ours, and we reach no other server anyway.
  const destination = freePath(header);
  // webdav-server would answer 502.
  refuseOverlap(path, destination);
  return { path, destination };
}

function freePath(target: string): StoragePath {
  const path = parseStoragePath(target);
  if (reservedNames.includes(path[0]?.toLowerCase() ?? '')) {
    throw new StorageError('forbidden', 'the name is reserved');
  }
  return path;
}
