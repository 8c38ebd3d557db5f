import { isNativeError } from 'node:util/types';

/**
 * Why Redis could not be reached or refused: what it said, e.g. `NOAUTH Authentication required.`, a system's error
 * code, e.g. `ECONNREFUSED`, or what is wrong with a certificate. Of several nodes it is the last one's reason.
 */
export function faultWords(error: unknown): string | undefined {
  if (!isNativeError(error)) return undefined;
  if ('lastNodeError' in error && isNativeError(error.lastNodeError))
    return faultWords(error.lastNodeError);
  // The end of a connection says nothing of its reason, which was told before.
  if (error.message === 'Connection is closed.') return undefined;
  const code = errorCode(error);
  if (code === undefined) return error.message.slice(0, longest);
  return /CERT|TLS|SSL|VERIFY/.test(code) ? `${code}: ${error.message}`.slice(0, longest) : code;
}

const longest = 300;

/** A system's error code. */
export function errorCode(error: unknown): string | undefined {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
