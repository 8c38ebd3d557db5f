import { timeLine } from './time-line.js';

const visit = (queue: string, enteredAt: string, leftAt: string) => ({
  ...{ callUUID: 'A', queue, outcome: 'abandoned', enteredAt, leftAt },
});
const first = visit('VQ_Billing', '2026-03-03T10:00:00Z', '2026-03-03T10:00:08Z');

it('says of the last queue alone that the call was given up in it', () => {
  const next = visit('VQ_Sales', '2026-03-03T10:00:09Z', '2026-03-03T10:00:20Z');
  const lines = timeLine({ queueVisits: [first, next] }, (iso) => iso.slice(14, 19));
  expect(lines.map((line) => line.trim())).toEqual([
    '00:00  the call waits in VQ_Billing',
    '00:08  the call leaves VQ_Billing',
    '00:09  the call waits in VQ_Sales',
    '00:20  the call is given up in VQ_Sales',
  ]);
});
