import { injection, numbers, segment } from '../../test/sample-entries.js';
import type { RecordingRow } from '../database/tables.js';
import { flowOf, noFlow } from './flow.js';
import { mergeRecording } from './merge-recording.js';

const map = (...rows: readonly RecordingRow[]) =>
  new Map(rows.map((row) => [row.recording_id, row]));

it('counts a step once, whatever comes again', () => {
  const told = { kind: 'segment', id: 'r', rev: 1, data: segment(1) } as const;
  const sent = { kind: 'injection', id: 'r', rev: 2, data: injection(1) } as const;
  const collected = mergeRecording(undefined, told, numbers);
  const confirmed = mergeRecording(collected, sent, numbers);
  expect(flowOf(map(), map(collected))).toEqual({ ...noFlow, collected: 1, inScope: 1 });
  expect(flowOf(map(collected), map(confirmed))).toEqual({
    ...noFlow,
    dispatched: 1,
    sealed: 1,
    uploaded: 1,
    confirmed: 1,
  });
  expect(flowOf(map(confirmed), map(confirmed))).toEqual(noFlow);
});
