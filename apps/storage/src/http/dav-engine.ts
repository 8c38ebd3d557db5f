import type { Logger } from '@exrec/service-kit';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import { v2 as webdav } from 'webdav-server';
import type { FileTree } from '../files/file-tree.js';
import { formatStoragePath } from '../files/storage-path.js';
import { DavFileSystem } from './dav-file-system.js';
import type { Admitted } from './policy.js';
import { allow } from './problems.js';

/** `null` for webdav-server, whose types do not know that. */
const noError = null as unknown as Error;

/** Credentials are checked before; an administrator is asked for neither locks nor privileges. */
const everyone: webdav.IUser = {
  uid: 'client',
  username: 'client',
  password: '',
  isAdministrator: true,
  isDefaultUser: false,
};

/**
 * MKCOL, DELETE, COPY and MOVE by webdav-server. It only ever sees names that were checked, written
 * in one canonical form: a NUL or an undecodable name would end the process.
 */
export class DavEngine {
  readonly #execute: RequestListener;

  constructor(tree: FileTree, logger: Logger) {
    const onUnexpected = (error: unknown, context: webdav.RequestContext) => {
      logger.error('storage.unexpected-error', { error });
      if (context instanceof webdav.HTTPRequestContext) fail(context.response);
    };
    const server = new webdav.WebDAVServer({
      rootFileSystem: new DavFileSystem(tree, onUnexpected),
      requireAuthentification: false,
      httpAuthentication: {
        askForAuthentication: () => ({}),
        getUser: (_context, callback) => callback(noError, everyone),
      },
      // A body that means nothing to the method is a 415 (litmus: mkcol_with_body).
      strictMode: true,
      version: '1',
    });
    server.beforeRequest((context, next: () => void) => {
      describeOurselves(context.response);
      next();
    });
    // Declared as `any`; bound by webdav-server itself.
    this.#execute = server.executeRequest as RequestListener;
  }

  handle({ path, destination }: Admitted, request: Request, response: Response): void {
    request.url = formatStoragePath(path);
    if (destination !== undefined) request.headers.destination = formatStoragePath(destination);
    // RFC 4918 10.6: no header means T; webdav-server takes it for F.
    request.headers.overwrite =
      request.headers.overwrite?.toString().toUpperCase() === 'F' ? 'F' : 'T';
    this.#execute(request, response);
  }
}

/** webdav-server announces locks, other methods, itself, and open access from every web page. */
function describeOurselves(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (name.startsWith('access-control-') || name === 'server') response.removeHeader(name);
  }
  response.setHeader('DAV', '1');
  response.setHeader('Allow', allow);
}

function fail(response: ServerResponse): void {
  if (!response.headersSent) response.statusCode = 500;
  response.end();
}
