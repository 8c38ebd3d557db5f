import type { Logger } from '@exrec/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import type { FileTree } from '../files/file-tree.js';
import { DavEngine } from './dav-engine.js';
import { answerGet, ClientGone } from './get.js';
import { admit } from './policy.js';
import { allow, toProblem } from './problems.js';
import { answerPropfind } from './propfind.js';
import { answerPut } from './put.js';

/** A transfer that stands still for this long is given up; a slow one may take for ever. */
const idleMs = 120_000;

/** Everything below `/` that is not a reserved name: WebDAV class 1 without PROPPATCH. */
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
  const admitted = await admit(tree.disk, request);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return answerGet(tree.disk, admitted.path, request, response);
    case 'PUT':
      return answerPut(tree, admitted.path, request, response);
    case 'PROPFIND':
      return answerPropfind(tree.disk, admitted.path, request, response);
    case 'OPTIONS':
      response.set({ dav: '1', allow }).status(200).end();
      return;
    default:
      engine.handle(admitted, request, response);
  }
}
