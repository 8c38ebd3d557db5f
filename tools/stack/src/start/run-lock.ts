import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotGoOn } from '../words.js';

/**
 * One run at a time works in `runDir`: a second one would remove the first one's data.
 * @returns gives the folder free again
 * @throws CannotGoOn while another run has it
 */
export function lockRunDir(runDir: string): () => void {
  const file = join(runDir, 'npm-start.pid');
  const holder = holderOf(file);
  if (holder !== undefined && isAlive(holder)) {
    throw new CannotGoOn(
      `npm start is running already, as process ${holder}: stop that one first. (If it is another program, remove ${file}.)`,
    );
  }
  writeFileSync(file, `${process.pid}\n`);
  return () => rmSync(file, { force: true });
}

function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
