import { isGoodUpgrade, type RollingUpgradeResult } from './rolling-upgrade.js';
import { upgradeSteps, type UpgradeStep } from './upgrade-steps.js';

const words = (steps: readonly UpgradeStep[]) =>
  steps.map(({ kind, release }) => `${kind} ${release}`).join(', ');

describe('an upgrade and back', () => {
  it('replaces EXRP first and EXCP last, the other way round on the way back, and mends the ledgers', () => {
    const { there, back, again } = upgradeSteps(true);
    expect(words(there)).toBe('exrp present, ledger present, excp present');
    expect(words(back)).toBe('excp former, ledger former, exrp former');
    expect(words(again)).toBe('ledger present');
  });

  it('leaves the ledger out where the release before has none', () => {
    const { there, back, again } = upgradeSteps(false);
    expect(words([...there, ...back, ...again])).toBe(
      'exrp present, excp present, excp former, exrp former',
    );
  });
});

describe('its verdict', () => {
  const ledger = {
    ...{ missing: 0, collected: 9, unexplained: 0, found: 9 },
    ...{ formerSaid: ['up', 'up'], waitedForFormer: 0, aside: 0 },
  };
  const good: RollingUpgradeResult = {
    ...{ balancer: 'nginx', accepted: 9, arrived: 9, failed: 0, waiting: 0, lost: 0, twice: 0 },
    ...{ lostIds: [], answers: { '200': 9 }, replaced: [], ledger },
  };
  const { ledger: _ledger, ...without } = good;

  it('is good when MCP saw 200 alone and everybody knows everything', () => {
    expect([good, without].map(isGoodUpgrade)).toEqual([true, true]);
  });

  it.each<[string, RollingUpgradeResult]>([
    ['MCP was sent away', { ...good, answers: { '200': 9, '503': 1 } }],
    ['a recording is lost', { ...good, lost: 1 }],
    ['the ledger does not list one', { ...good, ledger: { ...ledger, missing: 1 } }],
    ['it has collected fewer', { ...good, ledger: { ...ledger, collected: 8 } }],
    ['it cannot explain one', { ...good, ledger: { ...ledger, unexplained: 1 } }],
    ['a call is not found by its agent', { ...good, ledger: { ...ledger, found: 8 } }],
    ['an entry is left aside', { ...good, ledger: { ...ledger, aside: 1 } }],
  ])('is bad when %s', (_what, result) => {
    expect(isGoodUpgrade(result)).toBe(false);
  });
});
