import { HttpProblem } from '@exrec/service-kit';
import { StorageError, type StorageFault } from '../files/storage-error.js';

const statuses: Readonly<Record<StorageFault, number>> = {
  'bad-name': 400,
  'cut-short': 400,
  forbidden: 403,
  missing: 404,
  exists: 405,
  'is-collection': 405,
  'no-parent': 409,
  precondition: 412,
  full: 507,
};

const titles: Readonly<Record<number, string>> = {
  412: 'Precondition Failed',
  507: 'Insufficient Storage',
};

export const allowedMethods: readonly string[] = [
  'OPTIONS',
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'MKCOL',
  'COPY',
  'MOVE',
  'PROPFIND',
];
/** Value of the `Allow` header. */
export const allow = allowedMethods.join(', ');

/** The answer to a refusal of the file tree; any other error as it is. */
export function toProblem(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error;
  const status = statuses[error.fault];
  const title = titles[status];
  return new HttpProblem(status, {
    detail: error.message,
    ...(title === undefined ? {} : { title }),
    ...(status === 405 ? { headers: { allow } } : {}),
  });
}

/** 405 that names what may be done instead. */
export function methodNotAllowed(): HttpProblem {
  return new HttpProblem(405, { headers: { allow } });
}
