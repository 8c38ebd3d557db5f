import { Quota } from './quota.js';

describe('Quota', () => {
  it('sees what somebody removed by hand, but walks at most once a minute', async () => {
    let nowMs = 0;
    let walks = 0;
    let storedBytes = 100;
    const measure = () => {
      walks++;
      return Promise.resolve(storedBytes);
    };
    const quota = new Quota({ limitBytes: 100, measure, now: () => nowMs });
    await quota.recount();
    storedBytes = 0;
    await expect(quota.reserve(50)).rejects.toMatchObject({ fault: 'full' });
    expect(walks).toBe(1);
    nowMs = 60_000;
    await expect(quota.reserve(50)).resolves.toBeDefined();
    expect(walks).toBe(2);
  });

  it('does not lose what is stored while it walks', async () => {
    let finishWalk: (bytes: number) => void = () => undefined;
    const measure = () => new Promise<number>((resolve) => (finishWalk = resolve));
    const quota = new Quota({ limitBytes: 100, measure });
    const walk = quota.recount();
    quota.add(30);
    finishWalk(50);
    await walk;
    expect(quota.usedBytes).toBe(80);
  });
});
