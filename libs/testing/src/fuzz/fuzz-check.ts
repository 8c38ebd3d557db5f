import type { FuzzTarget } from './fuzz-target.js';

/**
 * What one input may cost. The inputs are small: what costs more grows with their square. V8's coverage, by which inputs
 * are found, makes code half as fast and slower.
 */
const mostCpuMs = 1_000;
const mostGrownBytes = 50_000_000;
/** The machine, the compiler or an earlier input may be the reason once, and not each time. */
const tries = 5;

/** @throws what the target throws; Error when the input costs too much time or memory */
export async function checkInput({ check }: FuzzTarget, input: Buffer): Promise<void> {
  let cost = await costOf(() => check(input));
  for (let turn = 1; turn < tries && isTooMuch(cost); turn += 1)
    cost = least(cost, await costOf(() => check(input)));
  if (isTooMuch(cost))
    throw new Error(
      `${input.length} bytes cost ${Math.round(cost.cpuMs)} ms and ${cost.grownBytes} bytes`,
    );
}

type Cost = { readonly cpuMs: number; readonly grownBytes: number };

async function costOf(work: () => void | Promise<void>): Promise<Cost> {
  const before = bytesInUse();
  const begun = process.cpuUsage();
  // A promise that is there already costs a turn.
  const running = work();
  if (running !== undefined) await running;
  const { user, system } = process.cpuUsage(begun);
  return { cpuMs: (user + system) / 1000, grownBytes: bytesInUse() - before };
}

const isTooMuch = ({ cpuMs, grownBytes }: Cost) => cpuMs > mostCpuMs || grownBytes > mostGrownBytes;

const least = (one: Cost, other: Cost): Cost => ({
  cpuMs: Math.min(one.cpuMs, other.cpuMs),
  grownBytes: Math.min(one.grownBytes, other.grownBytes),
});

function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
