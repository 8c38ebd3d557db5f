import { randomBytes } from 'node:crypto';
import type { Reply } from '../http/endpoint.js';
import type { HttpFault } from '../faults/fault.js';

/** A refusal as S3 words it: XML with a code. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'S3Error';
    this.status = status;
    this.code = code;
    this.details = details;
  }

  toReply(): Reply {
    const fields = {
      Code: this.code,
      Message: this.message,
      ...this.details,
      RequestId: requestId(),
    };
    const inner = Object.entries(fields).map(
      ([name, value]) => `<${name}>${escapeXml(value)}</${name}>`,
    );
    const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner.join('')}</Error>`;
    return { status: this.status, headers: { 'content-type': 'application/xml' }, text };
  }
}

export function requestId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}

export const s3Refusals = {
  badDigest: () =>
    new S3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.'),
  entityTooLarge: () =>
    new S3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size'),
  slowDown: () => new S3Error(503, 'SlowDown', 'Please reduce your request rate.'),
  internalError: () =>
    new S3Error(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  errorBody200: () =>
    new S3Error(200, 'InternalError', 'We encountered an internal error. Please try again.'),
  signatureDoesNotMatch: () =>
    new S3Error(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ),
  expired: () => new S3Error(403, 'AccessDenied', 'Request has expired'),
};

const codes: Readonly<Record<number, string>> = {
  400: 'InvalidRequest',
  403: 'AccessDenied',
  404: 'NoSuchBucket',
  409: 'OperationAborted',
  500: 'InternalError',
  503: 'SlowDown',
};

/** The refusal that a fault orders; undefined when the fault is of another kind. */
export function orderedRefusal(fault: HttpFault): S3Error | undefined {
  if (fault.kind in s3Refusals)
    return Object.entries(s3Refusals).find(([name]) => name === fault.kind)?.[1]();
  if (fault.kind !== 'status') return undefined;
  const status = fault.status ?? 500;
  return new S3Error(
    status,
    fault.code ?? codes[status] ?? 'InternalError',
    fault.message ?? `HTTP ${status}`,
  );
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (each) => `&#${each.charCodeAt(0)};`);
}
