import { runLedgerAway } from '../src/ledger-away.js';

it('collects and injects as ever while PostgreSQL is away and a ledger dies, and nothing is missing when they are back', async () => {
  const result = await runLedgerAway({
    ...{ perSecond: 3, aroundMs: 2_000, awayMs: 6_000, quietMs: 60_000 },
  });
  expect(Object.keys(result.answers)).toEqual(['200']);
  expect(result).toMatchObject({ failed: 0, waiting: 0, lost: 0, missing: 0 });
  expect(result.arrived).toBe(result.accepted);
  expect(result.waitedInRedis).toBeGreaterThan(0);
  expect(result.arrivedMeanwhile).toBeGreaterThan(0);
});
