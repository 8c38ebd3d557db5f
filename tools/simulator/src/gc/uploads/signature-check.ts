import type { IncomingMessage } from 'node:http';
import { S3Error, s3Refusals } from './s3-error.js';
import {
  ALGORITHM,
  parseAmzDate,
  sameSignature,
  scopeOf,
  signatureOf,
  type SigningKey,
} from './sigv4.js';

const EXPIRES_MAX_SECONDS = 604_800;
const CLOCK_TOLERANCE_MS = 900_000;

/** Headers every HTTP client adds by itself; anything else has to be signed (stricter than S3). */
const harmless = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'date',
  'expect',
  'keep-alive',
  'sec-fetch-mode',
  'user-agent',
]);

/**
 * Lets a request with a pre-signed URL pass, or refuses it as S3 does.
 * @returns the object's path, decoded
 * @throws S3Error
 */
export function checkSignature(request: IncomingMessage, key: SigningKey, nowMs: number): string {
  const [rawPath = '', rawQuery = ''] = (request.url ?? '').split('?', 2);
  const query = [...pairsOf(rawQuery)];
  const value = (name: string) => query.find(([each]) => each === name)?.[1];
  const signature = value('X-Amz-Signature');
  if (request.headers.authorization !== undefined && signature !== undefined) {
    const message =
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified';
    throw new S3Error(400, 'InvalidArgument', message, { ArgumentName: 'Authorization' });
  }
  if (signature === undefined) throw new S3Error(403, 'AccessDenied', 'Access Denied');
  const time = value('X-Amz-Date') ?? '';
  checkParameters(value, key);
  checkTime(time, Number(value('X-Amz-Expires')), nowMs);
  const path = decoded(rawPath);
  const signedHeaders = (value('X-Amz-SignedHeaders') ?? '').split(';');
  const headerValue = (name: string) => headerText(request.headers[name]);
  const covered = query.filter(([name]) => name !== 'X-Amz-Signature');
  const canonical = {
    method: request.method ?? '',
    path,
    query: covered,
    signedHeaders,
    headerValue,
  };
  if (!sameSignature(signature, signatureOf(canonical, time, key)))
    throw s3Refusals.signatureDoesNotMatch();
  checkUnsigned(request, signedHeaders);
  return path;
}

function checkParameters(value: (name: string) => string | undefined, key: SigningKey): void {
  const malformed = (message: string) =>
    new S3Error(400, 'AuthorizationQueryParametersError', message);
  if (value('X-Amz-Algorithm') !== ALGORITHM)
    throw malformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const expires = Number(value('X-Amz-Expires'));
  if (!Number.isInteger(expires) || expires < 0)
    throw malformed('X-Amz-Expires should be a number');
  if (expires > EXPIRES_MAX_SECONDS) {
    throw malformed(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  if (value('X-Amz-SignedHeaders')?.split(';').includes('host') !== true) {
    throw malformed(
      'Query-string authentication version 4 requires the X-Amz-SignedHeaders parameter with host',
    );
  }
  const [accessKeyId, ...scope] = (value('X-Amz-Credential') ?? '').split('/');
  if (accessKeyId !== key.accessKeyId) {
    throw new S3Error(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
    );
  }
  if (scope.join('/') !== scopeOf(value('X-Amz-Date') ?? '', key.region)) {
    throw malformed('Error parsing the X-Amz-Credential parameter');
  }
}

function checkTime(time: string, expiresSeconds: number, nowMs: number): void {
  const signedAtMs = parseAmzDate(time);
  if (Number.isNaN(signedAtMs)) {
    throw new S3Error(
      400,
      'AuthorizationQueryParametersError',
      'X-Amz-Date must be in the ISO8601 Long Format',
    );
  }
  if (signedAtMs > nowMs + CLOCK_TOLERANCE_MS)
    throw new S3Error(403, 'AccessDenied', 'Request is not valid yet');
  const expiresAtMs = signedAtMs + expiresSeconds * 1_000;
  if (nowMs < expiresAtMs) return;
  throw new S3Error(403, 'AccessDenied', 'Request has expired', {
    'X-Amz-Expires': `${expiresSeconds}`,
    Expires: new Date(expiresAtMs).toISOString(),
    ServerTime: new Date(nowMs).toISOString(),
  });
}

function checkUnsigned(request: IncomingMessage, signedHeaders: readonly string[]): void {
  const names = Object.keys(request.headers);
  const unsigned = names.filter((name) => !signedHeaders.includes(name) && !harmless.has(name));
  if (unsigned.length === 0) return;
  const message = 'There were headers present in the request which were not signed';
  throw new S3Error(403, 'AccessDenied', message, { HeadersNotSigned: unsigned.join(', ') });
}

function* pairsOf(rawQuery: string): Generator<[string, string]> {
  for (const pair of rawQuery.split('&')) {
    const [name = '', value = ''] = pair.split('=', 2);
    yield [decoded(name), decoded(value)];
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function headerText(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}
