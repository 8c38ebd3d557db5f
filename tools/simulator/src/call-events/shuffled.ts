import { createHash } from 'node:crypto';

/** The same items in an order that depends on the seed alone. */
export function shuffled<T>(items: readonly T[], seed: string): T[] {
  return items
    .map((item, index) => ({
      item,
      rank: createHash('sha256').update(`${seed}:${index}`).digest('hex'),
    }))
    .sort((left, right) => (left.rank < right.rank ? -1 : 1))
    .map(({ item }) => item);
}
