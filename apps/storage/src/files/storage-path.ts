import { StorageError } from './storage-error.js';

/** Names from the root of the storage down to one file or collection; empty for the root. */
export type StoragePath = readonly string[];

const longestNameBytes = 255;
const deepest = 32;

/**
 * In ASCII exactly the characters of a mediaId (docs/design/CONTRACTS.md#21-mcp-pushes-metadata), beyond it letters, marks, digits and currency signs
 * (`res-€` is a fair name), never anything that separates, controls, is invisible or looks like a slash:
 * U+2215 and its kind are mathematical signs, U+0337 and U+0338 lay a stroke over what stands before them.
 */
const plainName =
  /^(?!\.)(?:[A-Za-z0-9._+@=-]|(?![\0-\x7f\u{337}\u{338}]|\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{Sc}])+$/u;

/**
 * Whether a file or collection may have this name. Only the compatibility-composed spelling counts,
 * so that no two names look alike and no look-alike of a slash or a dot gets in.
 */
export function isPlainName(name: string): boolean {
  return (
    plainName.test(name) &&
    name.normalize('NFKC') === name &&
    Buffer.byteLength(name) <= longestNameBytes
  );
}

/**
 * Reads the target of a request line or a `Destination` header: an absolute path or an absolute URL.
 * Empty segments are dropped, as web servers do; a query is no part of a name.
 * @throws StorageError `bad-name` for anything that is not a list of plain names
 */
export function parseStoragePath(target: string): StoragePath {
  if (target.includes('#')) throw badName('a fragment is no part of a name');
  const [path = ''] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1);
  if (path !== '' && !path.startsWith('/')) throw badName('the path must start with a slash');
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.length > deepest) throw badName('the path is too deep');
  return segments.map(decodeName);
}

/** The path as it stands in a URL, without a trailing slash; `/` for the root. */
export function formatStoragePath(path: StoragePath): string {
  return `/${path.map(encodeURIComponent).join('/')}`;
}

/** Whether `inner` lies below `outer` or is the same. */
export function isWithin(inner: StoragePath, outer: StoragePath): boolean {
  return outer.every((name, index) => inner[index] === name);
}

function decodeName(segment: string): string {
  let name: string;
  try {
    name = decodeURIComponent(segment);
  } catch (error) {
    throw new StorageError('bad-name', 'the name is not valid percent-encoded UTF-8', error);
  }
  if (!isPlainName(name))
    throw badName('the name holds a character that is not allowed, or is too long');
  return name;
}

function badName(detail: string): StorageError {
  return new StorageError('bad-name', detail);
}
