import { HttpProblem } from '@exrec/service-kit';
import type { Request } from 'express';
import type { Disk } from '../files/disk.js';
import { assertCondition, refuseOverlap } from '../files/file-tree.js';
import { StorageError } from '../files/storage-error.js';
import { parseStoragePath, type StoragePath } from '../files/storage-path.js';
import { conditionOf } from './conditions.js';
import { allowedMethods, methodNotAllowed } from './problems.js';

/** Names at the root that belong to the service itself (docs/design/CONTRACTS.md#9-clarifications (4), docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (2)). */
const reservedNames = ['health', 'metrics', 'version'];

const withBody = ['PUT', 'PROPFIND'];
const withDestination = ['COPY', 'MOVE'];
/** Those whose conditions are looked at where the bytes are: in the moment of the answer. */
const withOwnConditions = ['GET', 'HEAD', 'PUT'];

export type Admitted = {
  readonly path: StoragePath;
  /** Where to COPY or MOVE to. */
  readonly destination?: StoragePath | undefined;
};

/**
 * What every request must pass before anything is read or done, whoever does it then: method, names, body, conditions.
 * Credentials were looked at before.
 * @throws HttpProblem, StorageError
 */
export async function admit(disk: Disk, request: Request): Promise<Admitted> {
  const path = freePath(request.url);
  if (!allowedMethods.includes(request.method)) throw methodNotAllowed();
  // RFC 4918 10.4: there are no locks, so no condition on a lock token can be true.
  if (request.headers.if !== undefined)
    throw new StorageError('precondition', 'there are no locks here');
  refuseBody(request);
  const destination = withDestination.includes(request.method)
    ? destinationOf(path, request)
    : undefined;
  const condition = conditionOf(request.headers);
  if (condition !== undefined && !withOwnConditions.includes(request.method))
    assertCondition(condition, await disk.entry(path).catch(nothing));
  return { path, destination };
}

function refuseBody({ method, headers }: Request): void {
  if (!withBody.includes(method)) {
    // It would make room for a body of any announced length (litmus: mkcol_with_body is a 415).
    const announced = Number(headers['content-length'] ?? '0');
    if (headers['transfer-encoding'] !== undefined || announced !== 0)
      throw new HttpProblem(415, { detail: 'the method takes no body' });
    return;
  }
  // What is stored must be what is read back: nobody would remember the coding.
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding !== 'identity' && coding !== '')
    throw new HttpProblem(415, {
      detail: 'a body with Content-Encoding is not supported',
      headers: { 'accept-encoding': 'identity' },
    });
  // RFC 9110 14.4: a partial PUT must not be taken for a whole one.
  if (headers['content-range'] !== undefined)
    throw new HttpProblem(400, { detail: 'a PUT with Content-Range is not supported' });
}

function destinationOf(path: StoragePath, request: Request): StoragePath {
  const header = request.get('destination');
  if (header === undefined)
    throw new HttpProblem(400, { detail: 'a Destination header is needed' });
  // Its host does not count: a proxy in front of us may have changed ours, and we reach no other server anyway.
  const destination = freePath(header);
  // webdav-server would answer 502.
  refuseOverlap(path, destination);
  return destination;
}

function freePath(target: string): StoragePath {
  const path = parseStoragePath(target);
  if (reservedNames.includes(path[0]?.toLowerCase() ?? '')) {
    throw new StorageError('forbidden', 'the name is reserved');
  }
  return path;
}

function nothing(error: unknown): undefined {
  if (error instanceof StorageError && error.fault === 'missing') return undefined;
  throw error;
}
