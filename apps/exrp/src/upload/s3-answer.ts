import { Failure } from '@exrec/service-kit';

export type S3Answer = {
  readonly status: number;
  readonly body: string;
  /** What its `Retry-After` asks for, milliseconds. */
  readonly retryAfterMs?: number | undefined;
};

const expired = /^(ExpiredToken|RequestExpired|TokenRefreshRequired|RequestTimeTooSkewed)$/;
const rejected: readonly string[] = [
  'BadDigest',
  'InvalidDigest',
  'SignatureDoesNotMatch',
  'EntityTooLarge',
];

/**
 * What S3's answer to the PUT means (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does, docs/design/CONTRACTS.md#9-clarifications (8)): `undefined` when the file was stored.
 * S3 tells more by `<Code>` than by its status; a 200 may carry an error in its body. It never says
 * anything else to a PUT: a 200 with a page comes from something in between, which stored nothing.
 */
export function s3Failure({ status, body, retryAfterMs }: S3Answer): Failure | undefined {
  const code = /<Code>([\w.]{1,64})<\/Code>/.exec(body)?.[1];
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && body.trim() === '') return undefined;
  const what = code ?? (isSuccess ? 'with a text that is not its own' : '');
  const detail = `S3 answered ${status} ${what}`.trim();
  if (code !== undefined && rejected.includes(code))
    return Failure.never('upload-rejected', { detail });
  if (isExpired(status, code, body)) return Failure.later('upload-expired', { detail });
  return Failure.later('upload-failed', {
    detail,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** A corrupt transfer: worth one more try with a fresh seal (docs/design/CONTRACTS.md#36-what-may-happen-and-what-exrp-does). */
export function isBadDigest(failure: Failure): boolean {
  return (
    failure.code === 'upload-rejected' && /\b(BadDigest|InvalidDigest)\b/.test(failure.detail ?? '')
  );
}

function isExpired(status: number, code: string | undefined, body: string): boolean {
  if (code !== undefined && expired.test(code)) return true;
  return status === 403 && code === 'AccessDenied' && /expired/i.test(body);
}
