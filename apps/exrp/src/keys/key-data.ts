/** `keydataSummary` without its wrapping. */
export type KeyData =
  | { readonly form: 'armored'; readonly text: string }
  | { readonly form: 'pem'; readonly text: string }
  | { readonly form: 'der'; readonly bytes: Buffer }
  | { readonly form: 'openpgp'; readonly bytes: Buffer };

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const DER_SEQUENCE = 0x30;
const MAX_WRAPPINGS = 2;

/**
 * Takes the wrapping off a GC key (CONTRACTS 3.4): the text may be base64 or not, even around an armored or PEM text.
 * Bytes that are not base64 are taken as one character each. Undefined: it is none of the known forms.
 */
export function readKeyData(summary: string, wrappings = 0): KeyData | undefined {
  const text = summary.trim();
  if (text.startsWith('-----BEGIN PGP PUBLIC KEY')) return { form: 'armored', text };
  if (/^-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(text)) return { form: 'pem', text };
  const compact = text.replace(/\s+/g, '');
  if (!BASE64.test(compact)) return readBytes(Buffer.from(summary, 'latin1'));
  const bytes = Buffer.from(compact, 'base64');
  const form = readBytes(bytes);
  if (form !== undefined || wrappings === MAX_WRAPPINGS) return form;
  return readKeyData(bytes.toString('latin1'), wrappings + 1);
}

function readBytes(bytes: Buffer): KeyData | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first === DER_SEQUENCE) return { form: 'der', bytes };
  // Every OpenPGP packet starts with its highest bit set [RFC 4880 section 4.2].
  return (first & 0x80) !== 0 ? { form: 'openpgp', bytes } : undefined;
}
