import { once } from 'node:events';
import { HttpProblem } from '@exrec/service-kit';
import type { Request, Response } from 'express';
import type { Disk } from '../files/disk.js';
import type { StoragePath } from '../files/storage-path.js';
import { ClientGone } from './get.js';
import { multistatusEnd, multistatusStart, responseElement } from './multistatus.js';
import { inviteBody } from './put.js';
import { readPropfind, type PropfindRequest } from './propfind-request.js';

const pieceCharacters = 64 * 1024;

/**
 * PROPFIND of depth 0 or 1. The members are read and sent as they come, so that the size of a
 * collection does not matter; an infinite depth is refused as RFC 4918 9.1 allows.
 */
export async function answerPropfind(
  disk: Disk,
  path: StoragePath,
  request: Request,
  response: Response,
): Promise<void> {
  const depth = request.get('depth')?.toLowerCase() ?? 'infinity';
  inviteBody(request, response);
  const wanted = await readPropfind(request.iterator({ destroyOnReturn: false }));
  if (depth !== '0' && depth !== '1') {
    if (depth === 'infinity') refuseInfinity(response);
    else throw new HttpProblem(400, { detail: 'the depth must be 0, 1 or infinity' });
    return;
  }
  const entry = await disk.entry(path);
  response.status(207).type('application/xml; charset=utf-8');
  let piece = multistatusStart + responseElement({ path, entry }, wanted);
  if (depth === '1' && entry.kind === 'collection') {
    for await (const element of memberElements(disk, path, wanted)) {
      piece += element;
      if (piece.length < pieceCharacters) continue;
      await write(response, piece);
      piece = '';
    }
  }
  response.end(piece + multistatusEnd);
}

async function* memberElements(
  disk: Disk,
  path: StoragePath,
  wanted: PropfindRequest,
): AsyncIterable<string> {
  for await (const { name, entry } of disk.children(path)) {
    yield responseElement({ path: [...path, name], entry }, wanted);
  }
}

function refuseInfinity(response: Response): void {
  response
    .status(403)
    .type('application/xml; charset=utf-8')
    .end(
      '<?xml version="1.0" encoding="utf-8"?>\n<D:error xmlns:D="DAV:"><D:propfind-finite-depth/></D:error>\n',
    );
}

async function write(response: Response, piece: string): Promise<void> {
  if (response.destroyed) throw new ClientGone();
  if (response.write(piece)) return;
  const settled = new AbortController();
  const { signal } = settled;
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    settled.abort();
  }
}
