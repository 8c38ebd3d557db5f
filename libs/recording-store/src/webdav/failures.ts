import { Failure, retryAfterMs } from '@exrec/service-kit';

/** WebDAV does not do its work at present (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does). */
export function storageUnavailable(detail: string, error?: unknown, waitMs?: number): Failure {
  return Failure.later('storage-unavailable', {
    detail,
    ...(error === undefined ? {} : { error }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}

export function audioMissing(): Failure {
  return Failure.later('audio-missing', { detail: 'WebDAV has no file of this name' });
}

export function audioIncomplete(detail: string, error?: unknown): Failure {
  return Failure.later('audio-incomplete', { detail, ...(error === undefined ? {} : { error }) });
}

/** The failure behind an answer other than the one hoped for. */
export function failureOfStatus(status: number, headers: Pick<Headers, 'get'>): Failure {
  if (status === 404 || status === 410) return audioMissing();
  const detail =
    status >= 300 && status < 400
      ? `WebDAV answered ${status}; redirects are not followed`
      : `WebDAV answered ${status}`;
  const told = {
    'retry-after': headers.get('retry-after') ?? undefined,
    date: headers.get('date') ?? undefined,
  };
  return storageUnavailable(detail, undefined, retryAfterMs({ headers: told }));
}

/** Network errors by their code; their messages hold the URL. */
export function unreachable(error: unknown): Failure {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return storageUnavailable(
    `WebDAV cannot be reached${typeof code === 'string' ? ` (${code})` : ''}`,
  );
}
