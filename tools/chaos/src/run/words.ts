import type { Violation } from '../oracle/seen.js';
import type { Fault, PlannedFault } from '../plan/fault.js';

/** One fault of a plan, for people. */
export function faultLine({ atMs, forMs, fault }: PlannedFault): string {
  const at = (atMs / 1_000).toFixed(1).padStart(6);
  return `${at} s, ${(forMs / 1_000).toFixed(1)} s: ${fault.kind} ${fault.who}${detailOf(fault)}`;
}

function detailOf(fault: Fault): string {
  switch (fault.kind) {
    case 'clock':
      return ` ${fault.aheadSeconds} s ahead`;
    case 'link':
    case 'genesys-cloud': {
      const { ...order } = fault.kind === 'link' ? fault.trouble : fault.order;
      return ` ${Object.values(order).map(String).join(' ')}`;
    }
    default:
      return '';
  }
}

const mostOfAName = 8;

/** Each violation on a line of its own, those of one name together, and not all of many. */
export function violationLines(violations: readonly Violation[]): string[] {
  const names = [...new Set(violations.map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const all = violations.filter((each) => each.name === name);
    const lines = all
      .slice(0, mostOfAName)
      .map(({ recordingId, detail }) =>
        [name, recordingId, detail].filter((part) => part !== undefined).join(' '),
      );
    const more = all.length - lines.length;
    return more === 0 ? lines : [...lines, `${name}: ${more} more`];
  });
}
