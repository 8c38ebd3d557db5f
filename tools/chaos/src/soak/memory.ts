import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Arguments of Node.js with which a process collects all its garbage at `SIGUSR2`. Without source maps, as where services
 * run: the map is 70 MB that come with the first error.
 */
export const collecting = [
  '--expose-gc',
  ...['--import', 'data:text/javascript,process.on("SIGUSR2",()=>globalThis.gc())'],
];

const collectMs = 300;
const timeoutMs = 10_000;

export type LiveMemory = { readonly heapBytes: number; readonly bufferBytes: number };

/**
 * What a process started with `collecting` cannot give back, and what it keeps in buffers outside its heap. V8 lets the
 * heap grow to several times of this before it looks, so what the process has of the machine's memory says little.
 * Undefined when it does not answer in time.
 */
export async function liveMemory(pid: number, origin: string): Promise<LiveMemory | undefined> {
  process.kill(pid, 'SIGUSR2');
  await sleep(collectMs);
  const signal = AbortSignal.timeout(timeoutMs);
  const metrics = await fetch(`${origin}/metrics`, { signal })
    .then((answer) => answer.text())
    .catch(() => undefined);
  if (metrics === undefined) return undefined;
  const value = (name: string) =>
    Number(new RegExp(`^${name}(?:{.*})? (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
  return {
    heapBytes: value('nodejs_heap_size_used_bytes'),
    bufferBytes: value('nodejs_external_memory_bytes'),
  };
}

export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
