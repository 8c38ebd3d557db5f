import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The account in whose name the simulator signs. */
export type SigningKey = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
};

export type Presign = {
  readonly method: 'GET' | 'PUT';
  readonly origin: string;
  /** Absolute path, not encoded. */
  readonly path: string;
  /** Headers the sender must send exactly so. `host` is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresSeconds: number;
  readonly signedAtMs: number;
};

/** What a signature covers, as found in a request. */
export type Canonical = {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly signedHeaders: readonly string[];
  readonly headerValue: (name: string) => string;
};

export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** A pre-signed URL, AWS Signature Version 4 in the query, payload unsigned, path style. */
export function presign(request: Presign, key: SigningKey): string {
  const time = amzDate(request.signedAtMs);
  const headers = lowerCased({ ...request.headers, host: new URL(request.origin).host });
  const signedHeaders = Object.keys(headers).sort();
  const query: [string, string][] = [
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${key.accessKeyId}/${scopeOf(time, key.region)}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', `${request.expiresSeconds}`],
    ['X-Amz-SignedHeaders', signedHeaders.join(';')],
  ];
  const canonical: Canonical = {
    method: request.method,
    path: request.path,
    query,
    signedHeaders,
    headerValue: (name) => headers[name] ?? '',
  };
  const signature = signatureOf(canonical, time, key);
  return `${request.origin}${encodePath(request.path)}?${queryText([...query, ['X-Amz-Signature', signature]])}`;
}

/** The signature this request should bear. */
export function signatureOf(canonical: Canonical, time: string, key: SigningKey): string {
  const request = [
    canonical.method,
    encodePath(canonical.path),
    queryText(canonical.query),
    ...canonical.signedHeaders.map(
      (name) => `${name}:${canonical.headerValue(name).trim().replace(/ +/g, ' ')}`,
    ),
    '',
    canonical.signedHeaders.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const digest = createHash('sha256').update(request).digest('hex');
  const text = [ALGORITHM, time, scopeOf(time, key.region), digest].join('\n');
  const signingKey = [key.region, 's3', 'aws4_request'].reduce(
    (previous, word) => hmac(previous, word),
    hmac(`AWS4${key.secretAccessKey}`, time.slice(0, 8)),
  );
  return hmac(signingKey, text).toString('hex');
}

export function sameSignature(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export function scopeOf(time: string, region: string): string {
  return `${time.slice(0, 8)}/${region}/s3/aws4_request`;
}

/** Epoch ms of `20260302T091504Z`; NaN when it is not of that form. */
export function parseAmzDate(text: string): number {
  return Date.parse(
    text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
}

function amzDate(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function encodePath(path: string): string {
  return path.split('/').map(encode).join('/');
}

function queryText(query: readonly (readonly [string, string])[]): string {
  return query
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
