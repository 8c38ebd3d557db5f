import { judge, sentenceOf, sumOf } from './judge.js';
import type { SeenRecording, Standing } from './seen.js';

const nowMs = Date.UTC(2026, 2, 2, 9);
const allowance = { nowMs, refusals: new Map<string, number>() };
const digest = 'ab'.repeat(32);

const standing = (state: string, cause: string | null = null): Standing => {
  return { state, cause, audioSha256: digest, nextTryAtMs: null };
};
const inCloud = { uploads: 1, problems: [], conversation: [] };

/** Arrived, and everybody says so. */
const arrived: SeenRecording = {
  recordingId: 'r',
  expected: { state: 'delivered', queue: null, sta: { reason: 'x' } },
  audioSha256: digest,
  excp: { state: 'dispatched', cause: null },
  exrp: standing('confirmed'),
  ledger: standing('confirmed'),
  genesysCloud: inCloud,
};
const { genesysCloud: _nothing, ...unarrived } = arrived;
const missing = { ...unarrived, genesysCloud: undefined };
const failed = (cause: string): SeenRecording => {
  const here = standing('failed', cause);
  return { ...missing, exrp: here, ledger: here };
};
const waiting = (nextTryAtMs: number): SeenRecording => {
  const here = { ...standing('waiting', 'gc-unavailable'), nextTryAtMs };
  return { ...missing, exrp: here, ledger: here };
};
const outOfScope: SeenRecording = {
  ...missing,
  expected: { state: 'out-of-scope', queue: null },
  excp: { state: 'out-of-scope', cause: null },
  exrp: undefined,
  ledger: standing('out-of-scope'),
};

const names = (seen: SeenRecording, refusals = new Map<string, number>()) =>
  judge([seen], { nowMs, refusals }).map(({ name }) => name);

it('finds nothing where all is well', () => {
  expect(judge([arrived, outOfScope, waiting(nowMs + 1_000)], allowance)).toEqual([]);
});

it.each<[string, SeenRecording, string[]]>([
  ['lost: nobody at EXRP knows it', { ...missing, exrp: undefined, ledger: undefined }, ['lost']],
  ['lost: said to be uploaded, and is not', missing, ['lost']],
  ['never ended', { ...missing, exrp: standing('sealing') }, ['never-ended']],
  ['waiting for nothing', waiting(nowMs - 20 * 60_000), ['next-try-overdue']],
  ['failed for no reason', failed('poison'), ['other-end']],
  ['not where the others say', { ...arrived, ledger: standing('uploaded') }, ['ledger-differs']],
  ['forgotten by EXCP', { ...arrived, excp: undefined }, ['excp-differs']],
  [
    'arrived, and said to wait',
    { ...waiting(nowMs), genesysCloud: inCloud },
    ['arrived-unnoticed'],
  ],
  [
    'other audio',
    { ...arrived, ledger: { ...standing('confirmed'), audioSha256: null } },
    ['other-audio-noted'],
  ],
  [
    'sealed wrongly',
    { ...arrived, genesysCloud: { ...inCloud, problems: ['audio: not the recorded'] } },
    ['wrong-upload'],
  ],
  [
    'without its conversation',
    { ...arrived, genesysCloud: { ...inCloud, conversation: ['has not ended'] } },
    ['conversation-incomplete'],
  ],
  ['sent though out of scope', { ...arrived, expected: outOfScope.expected }, ['other-end']],
])('names what is %s', (_what, seen, wanted) => {
  expect(names(seen)).toEqual(expect.arrayContaining(wanted));
});

it('allows as many dead letters as a fault may make, and of its cause only', () => {
  const refusals = new Map([['gc-rejected', 1]]);
  const both = [failed('gc-rejected'), failed('gc-rejected')];
  expect(judge(both.slice(1), { nowMs, refusals })).toEqual([]);
  expect(judge(both, { nowMs, refusals }).map(({ name }) => name)).toEqual(['other-end']);
  expect(names(failed('upload-rejected'), refusals)).toEqual(['other-end']);
});

it('adds up', () => {
  const copied = { ...arrived, genesysCloud: { ...inCloud, uploads: 2 } };
  const seen = [arrived, copied, outOfScope, failed('gc-rejected'), waiting(nowMs), missing];
  expect(sentenceOf(sumOf(seen))).toBe(
    '6 accepted = 2 arrived + 1 failed with cause + 1 waiting + 1 out of scope; ' +
      '1 lost, 1 uploaded more than once',
  );
});
