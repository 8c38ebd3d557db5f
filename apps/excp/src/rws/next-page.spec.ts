import { nextPageLink, onSameHost } from './next-page.js';

it.each([
  [{ nextUri: '/a', next: '/b' }, undefined, '/a'],
  [{ next: '/b' }, undefined, '/b'],
  [{ links: { next: '/c' } }, undefined, '/c'],
  [{}, '</d?x=1>; rel="next"', '/d?x=1'],
  [{}, '</p>; rel="prev", </d>; title="a"; rel=next', '/d'],
  [{}, '</p>; rel="prev", </d>; rel="last next"', '/d'],
  [{ nextUri: null, next: '' }, '</p>; rel="nextish"', undefined],
  [{ links: { prev: '/x' } }, undefined, undefined],
])('finds the next page in %j and %s: %s', (page, header, expected) => {
  expect(nextPageLink(page, header)).toBe(expected);
});

it.each([
  ['http://rws:8080/a?b=1', 'https://rws/a?b=1'],
  ['https://user:secret@rws/a', 'https://rws/a'],
  ['/a?b=%2B', 'https://rws/a?b=%2B'],
  ['?offset=2', 'https://rws/api/v2/recordings?offset=2'],
  ['https://rws//evil.example/x', 'https://rws//evil.example/x'],
  ['https://evil.example/a', undefined],
  ['//evil.example/a', undefined],
  ['https://rws.evil.example/a', undefined],
  ['https://rws@evil.example/a', undefined],
  ['file:///etc/passwd', undefined],
  ['http://', undefined],
])('of %s asks %s', (link, expected) => {
  const current = new URL('https://rws/api/v2/recordings?startTime=x');
  expect(onSameHost(link, current)?.href).toBe(expected);
});
