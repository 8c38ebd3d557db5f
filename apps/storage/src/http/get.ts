import type { FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { HttpProblem } from '@exrec/service-kit';
import type { Request, Response } from 'express';
import type { Disk } from '../files/disk.js';
import type { Entry } from '../files/entry.js';
import type { StoragePath } from '../files/storage-path.js';
import { httpDate, readOutcome, requestedRange, type ByteRange } from './conditions.js';

const readBufferBytes = 512 * 1024;

const contentTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.wav': 'audio/wav',
};

/** The `Content-Type` of a file, by its name. */
export function contentTypeOf(name: string): string {
  return contentTypes[extname(name).toLowerCase()] ?? 'application/octet-stream';
}

/**
 * GET and HEAD of a file. Headers and bytes come from one open file, so a reader sees one version
 * to its end, even when the name is replaced or deleted meanwhile.
 */
export async function answerGet(
  disk: Disk,
  path: StoragePath,
  request: Request,
  response: Response,
): Promise<void> {
  const { handle, entry } = await disk.openFile(path);
  try {
    const range = writeHead(path, entry, request, response);
    if (range === undefined || request.method === 'HEAD') response.end();
    else await sendRange(handle, range, response);
  } finally {
    await handle.close();
  }
}

/** @returns the bytes to send, `undefined` for none */
function writeHead(
  path: StoragePath,
  entry: Entry,
  request: Request,
  response: Response,
): ByteRange | undefined {
  response.set({
    etag: entry.etag,
    'last-modified': httpDate(entry.modifiedAtMs),
    'accept-ranges': 'bytes',
  });
  const outcome = readOutcome(request.headers, entry);
  if (outcome === 'precondition') throw new HttpProblem(412, { title: 'Precondition Failed' });
  if (outcome === 'unchanged') {
    response.status(304);
    return undefined;
  }
  const range = requestedRange(request.headers, entry);
  if (range === 'unsatisfiable') {
    const headers = { 'content-range': `bytes */${entry.sizeBytes}` };
    throw new HttpProblem(416, { title: 'Range Not Satisfiable', headers });
  }
  response.set('content-type', contentTypeOf(path.at(-1) ?? ''));
  if (range === 'whole') {
    response.set('content-length', `${entry.sizeBytes}`);
    return entry.sizeBytes === 0 ? undefined : { start: 0, end: entry.sizeBytes - 1 };
  }
  response.status(206).set({
    'content-length': `${range.end - range.start + 1}`,
    'content-range': `bytes ${range.start}-${range.end}/${entry.sizeBytes}`,
  });
  return range;
}

/** Reads ahead into one buffer while the other is on its way; two buffers serve a file of any size. */
async function sendRange(
  handle: FileHandle,
  { start, end }: ByteRange,
  response: Response,
): Promise<void> {
  const bufferBytes = Math.min(readBufferBytes, end - start + 1);
  let free = Buffer.allocUnsafeSlow(bufferBytes);
  let busy = Buffer.allocUnsafeSlow(bufferBytes);
  let sending: Promise<void> = Promise.resolve();
  for (let position = start; position <= end;) {
    const wantedBytes = Math.min(bufferBytes, end - position + 1);
    const { bytesRead } = await handle.read(free, 0, wantedBytes, position);
    await sending;
    if (bytesRead === 0) {
      // Only someone who truncates the file by hand gets here; a cut answer tells the reader.
      response.destroy();
      return;
    }
    sending = send(response, free.subarray(0, bytesRead));
    // A failure is seen at the next turn; until then it must not count as unhandled.
    sending.catch(() => undefined);
    [free, busy] = [busy, free];
    position += bytesRead;
  }
  await sending;
  response.end();
}

/** Resolves when the buffer may be used again; rejects when the client is gone. */
function send(response: Response, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new ClientGone());
    if (response.destroyed) {
      gone();
      return;
    }
    response.once('close', gone);
    response.write(bytes, (error) => {
      response.off('close', gone);
      if (error) gone();
      else resolve();
    });
  });
}

/** The client closed the connection; there is nobody to answer. */
export class ClientGone extends Error {
  override name = 'ClientGone';
}
