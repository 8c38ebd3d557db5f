import { runLedgerAway } from '../src/ledger-away.js';

it('collects and injects as ever while PostgreSQL is away and a ledger dies, and nothing is missing when they are back', async () => {
  const result = await runLedgerAway({
    ...{ perSecond: 3, aroundMs: 2_000, awayMs: 6_000, quietMs: 60_000 },
  });
  // Besides success only what a busy machine may cause: Redis that confirms too late, and an answer that nobody awaited.
  expect(['200', '503', 'none']).toEqual(expect.arrayContaining(Object.keys(result.answers)));
  expect(result).toMatchObject({ failed: 0, waiting: 0, lost: 0, missing: 0 });
  expect(result.arrived).toBe(result.accepted);
  expect(result.waitedInRedis).toBeGreaterThan(0);
  expect(result.arrivedMeanwhile).toBeGreaterThan(0);
});
