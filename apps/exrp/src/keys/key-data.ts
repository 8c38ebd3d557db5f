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
 * Takes the wrapping off a GC key (docs/design/CONTRACTS.md#34-gc-key): the text may be base64 or not, even around an armored or PEM text,
 * with other text around that. Bytes that are not base64 are taken as one character each.
 * @returns what may be the key, several where there are several blocks; empty: it is none of the known forms
 */
export function readKeyData(summary: string, wrappings = 0): readonly KeyData[] {
  const blocks = blocksIn(summary);
  if (blocks.length > 0) return blocks;
  const compact = summary.replace(/\s+/g, '');
  if (!BASE64.test(compact)) return readBytes(Buffer.from(summary, 'latin1'));
  const bytes = Buffer.from(compact, 'base64');
  const found = readBytes(bytes);
  if (found.length > 0 || wrappings === MAX_WRAPPINGS) return found;
  return readKeyData(bytes.toString('latin1'), wrappings + 1);
}

function readBytes(bytes: Buffer): readonly KeyData[] {
  const first = bytes[0];
  if (first === undefined) return [];
  if (first === DER_SEQUENCE) return [{ form: 'der', bytes }];
  // Every OpenPGP packet starts with its highest bit set [RFC 4880 section 4.2].
  return (first & 0x80) !== 0 ? [{ form: 'openpgp', bytes }] : [];
}

const BEGIN = '-----BEGIN ';
/** A text of nothing but beginnings must not cost a look through it for each. */
const MOST_BLOCKS = 16;

/** The armored and PEM public keys in a text; line breaks may be written as `\n`. */
function blocksIn(text: string): readonly KeyData[] {
  const plain = text.replaceAll('\\r', '').replaceAll('\\n', '\n');
  const found: KeyData[] = [];
  let start = plain.indexOf(BEGIN);
  for (let blocks = 0; start >= 0 && blocks < MOST_BLOCKS; blocks++) {
    const bodyStart = plain.indexOf('-----', start + BEGIN.length) + 5;
    const label = plain.slice(start + BEGIN.length, bodyStart - 5);
    const end = bodyStart < 5 ? -1 : plain.indexOf(`-----END ${label}-----`, bodyStart);
    if (end >= 0) found.push(...readBlock(label, plain.slice(bodyStart, end)));
    start = plain.indexOf(BEGIN, Math.max(end, start + BEGIN.length));
  }
  return found;
}

function readBlock(label: string, body: string): readonly KeyData[] {
  const around = (inner: string) => `-----BEGIN ${label}-----${inner}-----END ${label}-----\n`;
  if (label === 'PGP PUBLIC KEY BLOCK') return [{ form: 'armored', text: around(body) }];
  if (label !== 'PUBLIC KEY' && label !== 'RSA PUBLIC KEY') return [];
  // Whatever became of its lines: PEM wants 64 characters on each [RFC 7468].
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return [{ form: 'pem', text: around(`\n${lines.join('\n')}\n`) }];
}
