import { batched } from './batched.js';

/** A step that notes what it was asked, and doubles it. */
function doubling(most: number) {
  const asked: (readonly number[])[] = [];
  const step = (items: readonly number[]) => {
    asked.push(items);
    if (items.includes(13)) return Promise.reject(new Error('thirteen'));
    return Promise.resolve(items.map((item) => 2 * item));
  };
  return { asked, double: batched(step, most) };
}

it('does in one step what is asked for in one turn, and gives each its own', async () => {
  const { asked, double } = doubling(10);
  const answers = await Promise.all([double([1, 2]), double([]), double([3])]);
  expect(answers).toEqual([[2, 4], [], [6]]);
  expect(asked).toEqual([[1, 2, 3]]);
  expect(await double([4])).toEqual([8]);
});

it('takes no more together than it may, and one that brings more by itself', async () => {
  const { asked, double } = doubling(3);
  const answers = await Promise.all([
    double([1, 2]),
    double([3, 4]),
    double([5, 6, 7, 8]),
    double([9]),
  ]);
  expect(answers).toEqual([[2, 4], [6, 8], [10, 12, 14, 16], [18]]);
  expect(asked).toEqual([[1, 2], [3, 4], [5, 6, 7, 8], [9]]);
});

it('lets nobody suffer from what another one brings', async () => {
  const { asked, double } = doubling(10);
  const answers = await Promise.allSettled([double([1]), double([13]), double([2])]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(asked).toEqual([[1, 13, 2], [1], [13], [2]]);
});

it('asks Redis no second time when it cannot answer', async () => {
  let steps = 0;
  const append = batched<number, number>(() => {
    steps += 1;
    return Promise.reject(new Error('Connection is closed.'));
  }, 10);
  const answers = await Promise.allSettled([append([1]), append([2])]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(steps).toBe(1);
});
