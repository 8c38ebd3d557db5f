import { run } from '../src/run/run.js';
import { violationLines } from '../src/run/words.js';

// Starting, failing, healing and looking take as long as the machine takes.
jest.setTimeout(1_800_000);

it('brings every recording where it belongs, whatever fails on the way', async () => {
  const said: string[] = [];
  const { sum, violations } = await run({
    ...{ seed: 23, seconds: 180, form: 'single', perSecond: 0.7 },
    say: (line) => said.push(line),
  });
  expect({ violations: violationLines(violations), said }).toEqual({ violations: [], said });
  const { accepted, arrived, failed, waiting, outOfScope } = sum;
  expect(accepted).toBeGreaterThan(100);
  expect(arrived + failed + waiting + outOfScope).toBe(accepted);
});
