import type { CallEvent } from './call-event.js';

export type StateOrder = {
  /** The event says that the subject comes. */
  readonly begins: (event: CallEvent) => boolean;
  /** The event says that the subject goes. */
  readonly ends: (event: CallEvent) => boolean;
  /** Whether the subject is there, after the events that were given so far. */
  readonly isPresent: () => boolean;
  /** Another event that still belongs to what goes, of those of one time that are left. */
  readonly beforeEnd?: <E extends CallEvent>(left: readonly E[]) => E | undefined;
};

/**
 * The ordered events of one subject (a DN on a call, a queue of a call). Those of one time come as the state has it: what
 * is there goes before it comes again, what isn't there comes before it goes. A feed may have whole seconds only.
 */
export function* inStateOrder<E extends CallEvent>(
  ordered: readonly E[],
  order: StateOrder,
): Generator<E> {
  let left: E[] = [];
  for (const [at, event] of ordered.entries()) {
    left.push(event);
    if (ordered[at + 1]?.timeMs === event.timeMs) continue;
    for (let next = nextOf(left, order); next !== undefined; next = nextOf(left, order)) {
      left = left.filter((other) => other !== next);
      yield next;
    }
  }
}

function nextOf<E extends CallEvent>(left: readonly E[], order: StateOrder): E | undefined {
  const [first, ...others] = left;
  if (others.length === 0) return first;
  const comes = left.find(order.begins);
  if (comes === undefined) return first;
  if (!order.isPresent()) return comes;
  const goes = left.find(order.ends);
  return goes === undefined ? first : (order.beforeEnd?.(left) ?? goes);
}
