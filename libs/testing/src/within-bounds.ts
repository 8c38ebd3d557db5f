export type Bounds = {
  /** Longest time for which nothing else got a turn, milliseconds. */
  readonly blockedMs: number;
  /** Most that memory may grow meanwhile, bytes of heap and buffers together. */
  readonly grownBytes: number;
};

/** What hostile input may cost at most. */
const hostileBounds: Bounds = { blockedMs: 200, grownBytes: 50_000_000 };

const checkEveryMs = 5;

/**
 * Does `work` and watches this process meanwhile: the event loop and the memory. Only time in which this process was
 * at work counts as blocked, so that a busy machine is not taken for a fault.
 * @returns what `work` gives
 * @throws Error when a bound was broken, else what `work` throws
 */
export async function withinBounds<T>(
  work: () => T | Promise<T>,
  bounds: Partial<Bounds> = {},
): Promise<T> {
  const { blockedMs, grownBytes } = { ...hostileBounds, ...bounds };
  const seen: Bounds[] = [];
  const before = { bytes: bytesInUse(), atMs: performance.now(), cpu: process.cpuUsage() };
  let last = before;
  const check = (): void => {
    const now = { bytes: bytesInUse(), atMs: performance.now(), cpu: process.cpuUsage() };
    const cpuMs = (now.cpu.user + now.cpu.system - last.cpu.user - last.cpu.system) / 1000;
    const gapMs = Math.min(now.atMs - last.atMs - checkEveryMs, cpuMs);
    seen.push({ blockedMs: gapMs, grownBytes: now.bytes - before.bytes });
    last = now;
  };
  const timer = setInterval(check, checkEveryMs);
  try {
    return await work();
  } finally {
    check();
    clearInterval(timer);
    const worst = {
      blockedMs: Math.max(...seen.map((each) => each.blockedMs)),
      grownBytes: Math.max(...seen.map((each) => each.grownBytes)),
    };
    refuse('the event loop stood still', worst.blockedMs, blockedMs, 'ms');
    refuse('memory grew', worst.grownBytes, grownBytes, 'bytes');
  }
}

function refuse(what: string, value: number, limit: number, unit: string): void {
  if (value > limit)
    throw new Error(`${what}: ${Math.round(value)} of at most ${limit} ${unit} allowed`);
}

function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
