/**
 * Where a page of the injections begins: behind this id of this time, in the index of this state.
 * @throws RangeError when the cursor was not made by `InjectionStore.page`
 */
export function parseCursor(cursor: string | undefined) {
  if (cursor === undefined) return { stateIndex: 0, score: -Infinity, id: '' };
  const [, stateIndex, score, id] = /^(\d+)\.(\d+)\.([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (stateIndex === undefined || score === undefined || id === undefined)
    throw new RangeError('not a cursor');
  return { stateIndex: Number(stateIndex), score: Number(score), id };
}
