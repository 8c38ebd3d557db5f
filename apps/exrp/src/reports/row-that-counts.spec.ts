import type { ReportRow } from './read-report.js';
import { rowsByRecording, rowThatCounts, type UploadSeen } from './row-that-counts.js';

const minuteMs = 60_000;
const uploadedAtMs = 1_000 * minuteMs;
const row = (status: ReportRow['status'], atMs?: number): ReportRow => ({
  recordingId: 'r',
  status,
  ...(atMs === undefined ? {} : { atMs }),
});
const status = (rows: readonly ReportRow[], seen: Partial<UploadSeen> = {}) =>
  rowThatCounts(rows, {
    uploadedAtMs,
    knownFailures: 0,
    nowMs: uploadedAtMs + 30 * minuteMs,
    ...seen,
  })?.status;

describe('rowThatCounts', () => {
  const [at, later] = [uploadedAtMs, uploadedAtMs + 1];

  it.each<[string, ReportRow[], ReportRow['status'] | undefined]>([
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

  it.each<[string, ReportRow[], ReportRow['status'] | undefined]>([
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

it('keeps all rows of a recording together', () => {
  const rows = [row('Pending'), { ...row('Success'), recordingId: 's' }, row('Failure')];
  const found = rowsByRecording(rows);
  expect(found.get('r')?.map((one) => one.status)).toEqual(['Pending', 'Failure']);
  expect(found.get('s')).toHaveLength(1);
});
