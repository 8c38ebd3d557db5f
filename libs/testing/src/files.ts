import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isNativeError } from 'node:util/types';

/** Paths of all files below `dir`, relative to it, sorted; none when there is no such folder. */
export async function listFiles(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Those files below `dir` that contain `needle`, e.g. the Ogg magic `OggS` or a planted phone number. */
export async function filesContaining(dir: string, needle: string | Buffer): Promise<string[]> {
  const found: string[] = [];
  for (const file of await listFiles(dir)) {
    try {
      if ((await readFile(join(dir, file))).includes(needle)) found.push(file);
    } catch (error) {
      // Gone between listing and reading: it holds nothing any more.
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}

function isMissing(error: unknown): boolean {
  // Not `instanceof Error`: under Jest, errors of Node.js come from another realm.
  return isNativeError(error) && 'code' in error && error.code === 'ENOENT';
}
