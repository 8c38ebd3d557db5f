import { redisForms } from './fault.js';
import { planOf } from './plan.js';

const options = { seed: 4711, seconds: 180, form: 'single' } as const;

it('is the same for the same seed, and another one for another', () => {
  expect(planOf(options)).toEqual(planOf(options));
  expect(planOf({ ...options, seed: 4712 }).faults).not.toEqual(planOf(options).faults);
});

describe.each(redisForms)('with Redis as %s', (form) => {
  const plans = Array.from({ length: 40 }, (_, seed) => planOf({ seed, seconds: 180, form }));

  it('heals everything before the end', () => {
    for (const { faults } of plans) {
      expect(faults.length).toBeGreaterThan(20);
      for (const { atMs, forMs } of faults) expect(atMs + forMs).toBeLessThanOrEqual(180_000);
    }
  });

  it('never does two things at once to the same process or link', () => {
    for (const { faults } of plans)
      faults.forEach(({ atMs, fault }, index) => {
        const before = faults.slice(0, index).filter((each) => each.fault.who === fault.who);
        for (const each of before) expect(each.atMs + each.forMs).toBeLessThan(atMs);
      });
  });

  it('does everything to somebody', () => {
    const kinds = new Set(plans.flatMap(({ faults }) => faults.map(({ fault }) => fault.kind)));
    const hows = plans.flatMap(({ faults }) =>
      faults.map(({ fault }) => (fault.kind === 'link' ? fault.trouble.how : '')),
    );
    const failover = form === 'single' ? [] : ['failover'];
    expect([...kinds].sort()).toEqual(
      [
        ...['clock', 'disk-full', 'genesys-cloud', 'hang', 'kill', 'link', 'restart'],
        ...failover,
      ].sort(),
    );
    for (const how of ['latency', 'reset', 'stall', 'refuse', 'split']) expect(hows).toContain(how);
  });
});
