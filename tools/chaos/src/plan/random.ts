import { createHash } from 'node:crypto';

/** Draws the same things in the same order for the same seed. */
export type Random = {
  /** From 0 on, below 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(from: number, to: number): number;
  /** @throws RangeError when there is nothing to pick from */
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
};

const values = 2 ** 32;

export function randomOf(seed: string): Random {
  let drawn = 0;
  const next = () => {
    const digest = createHash('sha256').update(`${seed}/${drawn}`).digest();
    drawn += 1;
    return digest.readUInt32BE() / values;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    shuffled: (items) =>
      items
        .map((item) => ({ item, key: next() }))
        .sort((left, right) => left.key - right.key)
        .map(({ item }) => item),
  };
}
