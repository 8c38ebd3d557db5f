import { queryOf } from '../src/query/search-words.js';

// A Wednesday.
const nowMs = Date.parse('2026-03-04T14:00:00Z');
const clock = { isUtc: true, nowMs };

it.each<[string, Record<string, string>]>([
  ['', {}],
  ['02AB7QK3', { q: '02AB7QK3' }],
  ['agent:agent7105 state:failed', { agent: 'agent7105', state: 'failed' }],
  ['agent:7105', { q: '7105' }],
  ['since:yesterday cause:gc-rejected', { from: '2026-03-03T00:00:00.000Z', cause: 'gc-rejected' }],
  ['since:monday', { from: '2026-03-02T00:00:00.000Z' }],
  ['since:2h', { from: '2026-03-04T12:00:00.000Z' }],
  ['7105 10:15', { q: '7105', from: '2026-03-04T10:00:00.000Z', to: '2026-03-04T10:30:00.000Z' }],
  [
    'agent:7105 yesterday 9:05',
    { q: '7105', from: '2026-03-03T08:50:00.000Z', to: '2026-03-03T09:20:00.000Z' },
  ],
  [
    'queue:VQ_Sales 2026-03-03',
    { queue: 'VQ_Sales', from: '2026-03-03T00:00:00.000Z', to: '2026-03-04T00:00:00.000Z' },
  ],
  ['+49 171 5550110', { q: '+49 171 5550110' }],
  ['colour:red', { q: 'colour:red' }],
  ['since:whenever', { from: 'whenever' }],
])('takes "%s" as filters', (text, query) => {
  expect(queryOf(text, clock)).toEqual(query);
});
