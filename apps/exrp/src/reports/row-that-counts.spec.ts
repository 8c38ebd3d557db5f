import { RowsOfUpload, type RowStanding, type UploadSeen } from './row-that-counts.js';

const minuteMs = 60_000;
const uploadedAtMs = 1_000 * minuteMs;
const row = (status: RowStanding['status'], atMs?: number): RowStanding => ({
  status,
  ...(atMs === undefined ? {} : { atMs }),
});

function collected(rows: readonly RowStanding[], seen: Partial<UploadSeen> = {}): RowsOfUpload {
  const found = new RowsOfUpload({ uploadedAtMs, knownFailures: 0, ...seen });
  for (const one of rows) found.add(one);
  return found;
}
const status = (
  rows: readonly RowStanding[],
  { nowMs = uploadedAtMs + 30 * minuteMs, ...seen }: Partial<UploadSeen & { nowMs: number }> = {},
) => collected(rows, seen).thatCounts(nowMs)?.status;

describe('the row that counts', () => {
  const [at, later] = [uploadedAtMs, uploadedAtMs + 1];

  it.each<[string, RowStanding[], RowStanding['status'] | undefined]>([
    ['the later row', [row('Failure', later), row('Success', at)], 'Failure'],
    ['the later row whatever the order', [row('Success', at), row('Failure', later)], 'Failure'],
    ['the certain one without times', [row('Pending'), row('Success'), row('Failure')], 'Success'],
    ['a failure beside what is pending', [row('Pending'), row('Failure')], 'Failure'],
    ['a failure that is alone', [row('Failure')], 'Failure'],
    ['none of an earlier upload', [row('Failure', at - 6 * minuteMs)], undefined],
    ['one that a clock behind ours wrote', [row('Success', at - 4 * minuteMs)], 'Success'],
  ])('is %s', (_name, rows, expected) => {
    expect(status(rows)).toBe(expected);
  });

  it.each<[string, RowStanding[], RowStanding['status'] | undefined]>([
    ['nothing while the old failure is alone', [row('Failure')], undefined],
    ['what is pending', [row('Failure'), row('Pending')], 'Pending'],
    ['what waits', [row('WaitForConversation'), row('Failure')], 'WaitForConversation'],
    ['a success', [row('Failure'), row('Success')], 'Success'],
    ['a further failure', [row('Failure'), row('Failure')], 'Failure'],
    ['a further failure with a time', [row('Failure'), row('Failure', at)], 'Failure'],
  ])('after a failure that made it a dead letter is %s', (_name, rows, expected) => {
    expect(status(rows, { knownFailures: 1 })).toBe(expected);
  });

  it('is a failure that stays alone, even if there was one before', () => {
    const nowMs = uploadedAtMs + 61 * minuteMs;
    expect(status([row('Failure')], { knownFailures: 1, nowMs })).toBe('Failure');
    expect(status([row('Failure'), row('Pending')], { knownFailures: 1, nowMs })).toBe('Pending');
  });
});

it('counts successes, those of earlier uploads included, and failures without a time', () => {
  const rows = [row('Success', uploadedAtMs - 60 * minuteMs), row('Success'), row('Failure')];
  expect(collected(rows)).toMatchObject({ successes: 2, failuresWithoutTime: 1 });
});
