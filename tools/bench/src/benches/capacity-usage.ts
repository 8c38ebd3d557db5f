import type { System } from '@exrec/chaos';
import { machineBusyMs, processTree, treeCpuMs } from '../measure/process-usage.js';

/** How many cores a process and its children kept busy. */
export type Share = { readonly name: string; readonly cores: number };

/** CPU time that was used up to a moment, milliseconds. */
export type Usage = {
  readonly atMs: number;
  readonly byPart: ReadonlyMap<string, number>;
  /** By whatever runs on this machine. */
  readonly machineMs: number;
};

export function usageOf(system: System): Usage {
  const childrenOf = processTree();
  const pids = [
    ['Redis', system.redis.single?.pid()],
    ['PostgreSQL', system.postgres.pid()],
    ['nginx', system.balancer.pid],
    ...[...system.instances].map(([name, { pid }]) => [name, pid] as const),
  ] as const;
  const times = pids.flatMap(([name, pid]) =>
    pid === undefined ? [] : [[name, treeCpuMs(pid, childrenOf)] as const],
  );
  const { user, system: kernel } = process.cpuUsage();
  const byPart = new Map([...times, ['calls and Genesys Cloud', (user + kernel) / 1_000]]);
  return { atMs: performance.now(), byPart, machineMs: machineBusyMs() };
}

export type Shares = {
  /** The busiest first. */
  readonly shares: readonly Share[];
  /** Cores that were busy, with whatever. */
  readonly machineShare: number;
};

export function sharesOf(before: Usage, after: Usage): Shares {
  const forMs = after.atMs - before.atMs;
  const shares = [...after.byPart].map(([name, ms]) => ({
    name,
    cores: (ms - (before.byPart.get(name) ?? 0)) / forMs,
  }));
  return {
    shares: shares.sort((left, right) => right.cores - left.cores),
    machineShare: (after.machineMs - before.machineMs) / forMs,
  };
}

/** A program of one thread is at its end a little before it uses a whole core. */
const wholeCore = 0.85;

/** Which part cannot do more, in words. */
export function whereItGives({ shares, machineShare }: Shares, cores: number): string {
  const [busiest] = shares;
  const own = shares.reduce((sum, share) => sum + share.cores, 0);
  const words = shares
    .slice(0, 5)
    .map(({ name, cores: share }) => `${name} ${share.toFixed(2)}`)
    .join(', ');
  const others = Math.max(0, machineShare - own);
  const beside = others > 0.1 ? `, other programs ${others.toFixed(2)}` : '';
  if (machineShare > wholeCore * cores)
    return `all ${cores} cores are busy: own ${own.toFixed(2)}${beside}; most: ${words}`;
  if (busiest !== undefined && busiest.cores > wholeCore)
    return `${busiest.name} uses a whole core; own ${own.toFixed(2)}${beside}; most: ${words}`;
  return `no core is at its end: something waits; own ${own.toFixed(2)}${beside}; most: ${words}`;
}
