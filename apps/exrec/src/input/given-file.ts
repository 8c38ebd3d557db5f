import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { wrongUse } from '../connection/cli-error.js';
import type { Context } from '../context.js';

/** The bytes of a file that a person names; `-` is what comes in. @throws CliError when it cannot be read */
export async function readGivenFile(file: string, { stdin }: Context): Promise<Buffer> {
  if (file === '-') return buffer(stdin);
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw wrongUse(`${file} cannot be read (${code})`, 'name a file, or - for what comes in');
  }
}
