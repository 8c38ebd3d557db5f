export type Bounds = {
  /** Longest time for which nothing else got a turn, milliseconds. */
  readonly blockedMs: number;
  /** Most that memory may grow meanwhile, bytes of heap and buffers together. */
  readonly grownBytes: number;
};

/**
 * What hostile input may cost. On a server of its own nothing may hold the event loop for more than 200 ms; a test shares
 * its processor, and what it must tell apart is input that takes seconds because its cost grows with the square.
 */
const hostileBounds: Bounds = { blockedMs: 1_000, grownBytes: 50_000_000 };
/** The machine or the compiler may be the reason once, and not each time. */
const tries = 3;

const checkEveryMs = 5;

/**
 * Does `work` and watches this process meanwhile: the event loop and the memory. Only time in which this process was
 * at work counts as blocked, and work that broke a bound is done again, so that a busy machine is not taken for a fault.
 * @returns what `work` gives
 * @throws Error when a bound was broken each time, else what `work` throws
 */
export async function withinBounds<T>(
  work: () => T | Promise<T>,
  bounds: Partial<Bounds> = {},
): Promise<T> {
  const most = { ...hostileBounds, ...bounds };
  let cost = await costOf(work);
  for (let turn = 1; turn < tries && isTooMuch(cost, most); turn += 1) {
    const next = await costOf(work);
    cost = {
      result: next.result,
      blockedMs: Math.min(cost.blockedMs, next.blockedMs),
      grownBytes: Math.min(cost.grownBytes, next.grownBytes),
    };
  }
  refuse('the event loop stood still', cost.blockedMs, most.blockedMs, 'ms');
  refuse('memory grew', cost.grownBytes, most.grownBytes, 'bytes');
  return cost.result;
}

const isTooMuch = (cost: Bounds, most: Bounds) =>
  cost.blockedMs > most.blockedMs || cost.grownBytes > most.grownBytes;

async function costOf<T>(work: () => T | Promise<T>): Promise<Bounds & { readonly result: T }> {
  const before = { bytes: bytesInUse(), atMs: performance.now(), cpu: process.cpuUsage() };
  let last = before;
  let blockedMs = 0;
  let grownBytes = 0;
  const check = (): void => {
    const now = { bytes: bytesInUse(), atMs: performance.now(), cpu: process.cpuUsage() };
    const cpuMs = (now.cpu.user + now.cpu.system - last.cpu.user - last.cpu.system) / 1000;
    blockedMs = Math.max(blockedMs, Math.min(now.atMs - last.atMs - checkEveryMs, cpuMs));
    grownBytes = Math.max(grownBytes, now.bytes - before.bytes);
    last = now;
  };
  const timer = setInterval(check, checkEveryMs);
  try {
    const result = await work();
    check();
    return { result, blockedMs, grownBytes };
  } finally {
    clearInterval(timer);
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
