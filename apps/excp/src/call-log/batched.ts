import { isRedisUnavailable } from '@exrec/service-kit';

type Step<I, R> = (items: readonly I[]) => Promise<R[]>;

type Asked<I, R> = {
  readonly items: readonly I[];
  readonly resolve: (results: R[]) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * One step on Redis for all who ask in the same turn of the event loop: under load that saves most of what a step costs
 * both sides, and nobody waits for more than the turn. Each gets the results of its own items.
 * @param step gives a result for each item, in their order; to repeat it does no harm
 * @param most items in a step of several; who brings more has one alone
 */
export function batched<I, R>(step: Step<I, R>, most: number): Step<I, R> {
  let waiting: Asked<I, R>[] = [];
  let turn: NodeJS.Immediate | undefined;
  let count = 0;
  const takeTurn = () => {
    clearImmediate(turn);
    const group = waiting;
    waiting = [];
    count = 0;
    void together(step, group);
  };
  return (items) =>
    new Promise((resolve, reject) => {
      if (waiting.length > 0 && count + items.length > most) takeTurn();
      if (waiting.length === 0) turn = setImmediate(takeTurn);
      waiting.push({ items, resolve, reject });
      count += items.length;
      if (count >= most) takeTurn();
    });
}

async function together<I, R>(step: Step<I, R>, group: readonly Asked<I, R>[]): Promise<void> {
  try {
    const results = await step(group.flatMap(({ items }) => items));
    let at = 0;
    for (const { items, resolve } of group) resolve(results.slice(at, (at += items.length)));
  } catch (error) {
    if (group.length === 1 || isRedisUnavailable(error)) {
      for (const { reject } of group) reject(error);
      return;
    }
    // Whatever it is about one of them, the others shall not suffer from it.
    for (const one of group) void together(step, [one]);
  }
}
