import type { ExpectedOutcome } from '@exrec/simulator';
import {
  followed,
  playedCall,
  receivedRecording,
  real,
  simulated,
  throughSales,
} from '../../test/sample.js';
import type { FollowedCall } from './follow.js';
import { reportOf } from './report.js';
import { renderTable } from '../output/table.js';

const delivered: ExpectedOutcome = { state: 'delivered', ...throughSales };
const confirmed = { state: 'confirmed', cause: null };
const good = followed(delivered, confirmed, receivedRecording());
const callOf = (...recordings: FollowedCall['recordings']): FollowedCall => ({
  call: playedCall(...recordings.map(({ played }) => played)),
  recordings,
  segmentCount: recordings.length,
});
const silent: FollowedCall = { call: playedCall(), recordings: [], segmentCount: 0 };

it('shows each recording with its decision and its end', () => {
  const { table, summary, isAllRight } = reportOf([callOf(good), silent], simulated);
  const lines = renderTable(table);
  expect(lines[2]).toMatch(
    /^ A call to Sales +agent7201 +VQ_Sales +Sales quality, de-DE +2 legs +confirmed +✓$/,
  );
  expect(lines[3]).toMatch(/^ A call to Sales +– +– +– +– +nothing recorded +✓$/);
  expect(summary).toMatch(
    /^2 calls, 1 recordings: 1 in Genesys Cloud \(1 confirmed\), 0 held back/,
  );
  expect(isAllRight).toBe(true);
});

it.each<[string, FollowedCall]>([
  [
    'a recording that ended otherwise',
    callOf(followed(delivered, { state: 'failed', cause: 'poison' })),
  ],
  ['a recording that EXCP does not know', { ...callOf(good), segmentCount: 0 }],
  ['a call that EXCP does not know', { ...silent, segmentCount: undefined }],
  [
    'refused call events',
    { ...silent, call: { ...playedCall(), eventAnswers: [{ status: 401, body: '' }] } },
  ],
])('is not all right with %s, and says so', (_name, call) => {
  const { table, isAllRight } = reportOf([callOf(good), call], simulated);
  expect(isAllRight).toBe(false);
  expect(renderTable(table).join('\n')).toContain('✗ ');
});

it('is not all right when nothing was recorded at all', () => {
  expect(reportOf([silent], simulated).isAllRight).toBe(false);
});

it('claims nothing about what only a real organization can open', () => {
  const { summary, isAllRight } = reportOf([callOf(followed(delivered, confirmed))], real);
  expect(isAllRight).toBe(true);
  expect(summary).not.toContain('byte for byte');
});
