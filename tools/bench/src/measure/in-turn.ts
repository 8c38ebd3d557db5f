import type { Rounds, Sample } from './figure.js';

export type Sides = {
  /** @param run from 0; every run gets input of its own by it */
  readonly subject: (run: number) => Promise<Sample>;
  readonly baseline?: (run: number) => Promise<Sample>;
};

/**
 * Measures both sides in turn, so that what else the machine does meets both. Which of them begins alternates:
 * what one side leaves behind, dirty pages for example, is not always the other's to pay.
 */
export async function inTurn(runs: number, { subject, baseline }: Sides): Promise<Rounds> {
  const samples: { subject: Sample[]; baseline: Sample[] } = { subject: [], baseline: [] };
  for (let run = 0; run < runs; run += 1) {
    const takeSubject = async () => samples.subject.push(await subject(run));
    const takeBaseline = async () => {
      if (baseline) samples.baseline.push(await baseline(run));
    };
    const [first, second] =
      run % 2 === 0 ? [takeBaseline, takeSubject] : [takeSubject, takeBaseline];
    await first();
    await second();
  }
  return samples;
}
