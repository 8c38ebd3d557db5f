import type { Standing } from './compare.js';
import { Tally } from './tally.js';

function tallyOf(counts: Partial<Record<Standing, number>>): Tally {
  const tally = new Tally();
  for (const [standing, count] of Object.entries(counts))
    for (let n = 0; n < count; n += 1) tally.segment(standing as Standing);
  return tally;
}

const sentence = (tally: Tally) => tally.result(0, 1).sentence;

describe('the sentence', () => {
  it('is the one that an operator wants to read', () => {
    expect(sentence(tallyOf({ confirmed: 9_810, waiting: 2, outOfScope: 100 }))).toBe(
      '9,812 segments in scope, 9,810 confirmed, 2 waiting, 0 unexplained.',
    );
  });

  it('adds up, whatever there is', () => {
    const tally = tallyOf({ confirmed: 1, uploaded: 2, waiting: 3, failed: 4, unexplained: 5 });
    expect(sentence(tally)).toBe(
      '15 segments in scope, 1 confirmed, 2 uploaded, 3 waiting, 4 failed, 5 unexplained.',
    );
  });

  it('names what is no segment', () => {
    const tally = tallyOf({ confirmed: 1 });
    tally.difference('file-without-metadata', { mediaId: 'a.opus' });
    tally.difference('file-without-metadata', { mediaId: 'b.opus' });
    tally.difference('unknown-segment', { mediaId: 'c.opus' });
    expect(sentence(tally)).toBe(
      '1 segment in scope, 1 confirmed, 0 waiting, 0 unexplained; ' +
        '2 audio files without metadata; 1 recording without a segment.',
    );
  });
});

it('counts every difference and lists the first thousand', () => {
  const tally = new Tally();
  for (let n = 0; n < 1_500; n += 1) tally.difference('dead-letter', { mediaId: `${n}.opus` });
  const found = tally.result(0, 1).differences.find(({ kind }) => kind === 'dead-letter');
  expect(found?.count).toBe(1_500);
  expect(found?.items).toHaveLength(1_000);
});
