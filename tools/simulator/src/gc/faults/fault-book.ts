import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpFault } from './fault.js';

/** The faults that are ordered and not used up. */
export class FaultBook {
  #cleared = new AbortController();
  #ordered: { readonly fault: HttpFault; skip: number; left: number }[] = [];

  add(fault: HttpFault): void {
    this.#ordered.push({
      fault,
      skip: fault.skip,
      left: fault.times === 0 ? Infinity : fault.times,
    });
  }

  /** The fault that meets this request, if any; it is used up by one. The oldest order goes first. */
  take(target: string, subject: string): HttpFault | undefined {
    for (const order of this.#ordered) {
      if (!meets(order.fault, target) || !subject.includes(order.fault.subject)) continue;
      if (order.skip > 0) {
        order.skip -= 1;
        continue;
      }
      order.left -= 1;
      if (order.left === 0) this.#ordered = this.#ordered.filter((each) => each !== order);
      return order.fault;
    }
    return undefined;
  }

  list(): readonly HttpFault[] {
    return this.#ordered.map(({ fault, left, skip }) => ({
      ...fault,
      skip,
      times: left === Infinity ? 0 : left,
    }));
  }

  /** Holds a request up as long as its fault says, at most until the faults are cleared. */
  async holdUp({ delayMs }: HttpFault): Promise<void> {
    if (delayMs === 0) return;
    const { signal } = this.#cleared;
    await sleep(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
  }

  clear(): void {
    this.#ordered = [];
    this.#cleared.abort();
    this.#cleared = new AbortController();
  }
}

/** Whether a fault for `gc` or `*` or the very endpoint is meant for this one. */
export function meets(fault: { readonly target: string }, target: string): boolean {
  return fault.target === '*' || fault.target === target || target.startsWith(`${fault.target}.`);
}
