import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What a server cannot do without when its answer has to outlive a power cut, and nothing else: write a file, wait
 * until the disk has it, give it its name, wait until the disk has the name. No HTTP, no bytes from a socket.
 * @returns milliseconds for all files; they are gone again
 */
export async function durableWrites(
  dir: string,
  content: Buffer,
  { files, atOnce }: { readonly files: number; readonly atOnce: number },
): Promise<number> {
  const names = Array.from({ length: files }, () => join(dir, `${randomUUID()}.opus`));
  const left = names.values();
  const startedAtMs = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const name of left) await writeDurably(dir, name, content);
    }),
  );
  const durationMs = performance.now() - startedAtMs;
  await Promise.all(names.map((name) => rm(name)));
  return durationMs;
}

async function writeDurably(dir: string, name: string, content: Buffer): Promise<void> {
  const unfinished = `${name}.part`;
  const handle = await open(unfinished, 'wx');
  await handle.writeFile(content);
  await handle.sync();
  await handle.close();
  await rename(unfinished, name);
  const folder = await open(dir, 'r');
  await folder.sync();
  await folder.close();
}
