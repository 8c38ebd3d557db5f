import { consultCall, event, log, rootCall, segment, stay } from '../../test/feed/feed.js';
import { foldInteraction } from '../interaction/index.js';
import { countStays } from './owed-stays.js';

const created = [
  event('EventCallCreated', 0),
  event('EventCallCreated', 0, { callUUID: consultCall, parentCallUUID: rootCall }),
];
const ofAgent = { recordDN: '7105', agentId: 'agent7105' };
const count = (events: ReturnType<typeof stay>, files: Parameters<typeof log>[1]) =>
  countStays(foldInteraction(log([...created, ...events])), files ?? []);

it('has a segment due for each stay that was answered, also of one agent', () => {
  const twice = [...stay('7105', [1, 5, 60]), ...stay('7105', [100, 105, 160])];
  const first = segment('a.opus', [5, 60], ofAgent);
  const second = segment('b.opus', [105, 160], ofAgent);
  expect(count(twice, [first])).toEqual({ staysAnswered: 2, staysRecorded: 1 });
  expect(count(twice, [first, { ...first, mediaId: 'copy.opus' }]).staysRecorded).toBe(1);
  expect(count(twice, [first, second]).staysRecorded).toBe(2);
});

it('counts one file over two stays for both', () => {
  const twice = [...stay('7105', [1, 5, 60]), ...stay('7105', [61, 62, 160])];
  expect(count(twice, [segment('a.opus', [5, 160], ofAgent)]).staysRecorded).toBe(2);
});

it('takes what fits nobody for anybody’s', () => {
  const stranger = segment('a.opus', [5, 60], { recordDN: '9', agentId: 'agent9' });
  expect(count(stay('7105', [1, 5, 60]), [stranger])).toEqual({
    staysAnswered: 1,
    staysRecorded: 1,
  });
});
