import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, crc32 } from 'node:zlib';
import type { JsonValue } from '../../interaction/index.js';
import { rootToken } from '../archive-dictionary.js';
import { ArchiveDamage } from '../archive-text.js';
import { fromColumns, toColumns, type Columns } from './columns.js';

/** Root callUUID and text of the archive of an interaction. */
export type PackedArchive = readonly [rootCallUUID: string, text: string];

/** Stands for the root in a pack, as `rootToken` does in an archive: this one may stand in JSON. */
const packedRoot = '\ue000';

/** Whether the token can stand for nothing else in it. */
export function canBePacked(text: string): boolean {
  return !text.includes(packedRoot);
}

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Before the compressed text: one byte that names the form, and the CRC-32 of the text. */
const form = 1;
export const headBytes = 5;

/** Beyond this quality little is gained for much time. */
const params = {
  [constants.BROTLI_PARAM_QUALITY]: 5,
  [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
};

export async function writePack(archives: readonly PackedArchive[]): Promise<Buffer> {
  const values = archives.map(([root, archive]): JsonValue => {
    const json = archive.replaceAll(rootToken, packedRoot);
    return [root, JSON.parse(json) as JsonValue]; // written by `writeArchive`
  });
  const text = Buffer.from(JSON.stringify(toColumns(values)));
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(form);
  head.writeUInt32LE(crc32(text), 1);
  return Buffer.concat([head, await compress(text, { params })]);
}

/**
 * Of each interaction by its root the JSON that its archive was, with the root in its places.
 * @throws ArchiveDamage
 */
export async function readPack(bytes: Buffer): Promise<ReadonlyMap<string, string>> {
  if (bytes[0] !== form || bytes.length < headBytes)
    throw new ArchiveDamage('the pack is of another release');
  try {
    const text = await decompress(bytes.subarray(headBytes));
    if (crc32(text) !== bytes.readUInt32LE(1)) throw new Error('the checksum differs');
    // Written by `writePack`, when its checksum is right.
    const values = fromColumns(JSON.parse(text.toString()) as Columns) as [string, JsonValue][];
    return new Map(
      values.map(([root, value]) => [root, JSON.stringify(value).replaceAll(packedRoot, root)]),
    );
  } catch (cause) {
    throw new ArchiveDamage('the pack is damaged', { cause });
  }
}
