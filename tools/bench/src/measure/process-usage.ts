import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time of processes in hundredths of a second for user programs, whatever the kernel does inside. */
const tickMs = 10;

/** User and system time that a process has used so far, all its threads, milliseconds in steps of 10. Linux only. */
export function cpuMs(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Children of each process that runs. */
export type ProcessTree = ReadonlyMap<number, readonly number[]>;

export function processTree(): ProcessTree {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(statOf(Number(name))[1]);
      childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended since it was listed.
    }
  }
  return childrenOf;
}

/** CPU time of a process and all its descendants. */
export function treeCpuMs(pid: number, childrenOf: ProcessTree): number {
  const tree = [pid];
  for (const each of tree) tree.push(...(childrenOf.get(each) ?? []));
  return cpuMsOf(tree);
}

/** Time for which cores of this machine were busy since it started, with whatever, milliseconds. */
export function machineBusyMs(): number {
  const [, user, nice, system, , , irq, softIrq] = readFileSync('/proc/stat', 'latin1')
    .split('\n', 1)
    .flatMap((line) => line.split(/\s+/))
    .map(Number);
  return [user, nice, system, irq, softIrq].reduce<number>((sum, one = 0) => sum + one, 0) * tickMs;
}

/** From the third field on, the state. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The program's name, in parentheses, may hold spaces.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Together for several processes. */
export function cpuMsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
}

/** The most memory a process ever had resident, bytes. Linux only. */
export function peakRssBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
