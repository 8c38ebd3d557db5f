import { withinBounds } from '@exrec/testing';
import { redactText } from '../log/redact.js';
import { basicCredentialsCheck, bearerToken } from './auth.js';
import { isDeeperThan } from './json-depth.js';

/** Node takes headers up to 16 KiB together; more is not a case. */
const header = (text: string) => text.repeat(Math.ceil(16_384 / text.length)).slice(0, 16_384);

it.each([
  ['blanks', header('Basic ')],
  ['letters', `Basic ${header('A')}`],
  ['padding', `Basic ${header('=')}`],
  ['colons', `Basic ${Buffer.from(header(':')).toString('base64')}`],
  ['NULs', `Basic ${Buffer.from(header('\0')).toString('base64')}`],
  ['a token', `Bearer ${header('a.')}`],
  ['commas', `Bearer ${header(',')}`],
])('credentials of %s are none, a thousand times over', async (_what, authorization) => {
  const isKnown = basicCredentialsCheck({ username: 'u', password: 'p' });
  await withinBounds(async () => {
    for (let n = 0; n < 1_000; n += 1) {
      expect(isKnown(authorization)).toBe(false);
      bearerToken(authorization);
      if (n % 50 === 0) await new Promise(setImmediate);
    }
  });
});

it.each([
  ['letters', 'a'],
  ['digits', '0'],
  ['digits with blanks', '0 '],
  ['digits in brackets', '(0)'],
  ['hyphens', '-1'],
  ['addresses', 'a@'],
  ['addresses with dots', 'a.b@c.'],
  ['URLs', 'http://a?'],
  ['slashes', '://'],
  ['credentials', 'Bearer '],
  ['assignments', 'token='],
  ['pluses', '+1'],
  ['escapes', '%2B1'],
  ['line breaks', '\n'],
])('a megabyte of %s is redacted at once', async (_what, text) => {
  const long = text.repeat(1_000_000 / text.length);
  await withinBounds(() => expect(redactText(long).length).toBeLessThan(10_000));
});

it('an object of many levels is seen to be one without being walked to its end', async () => {
  let deep: unknown = 1;
  for (let n = 0; n < 100_000; n += 1) deep = [deep];
  await withinBounds(() => expect(isDeeperThan(deep, 32)).toBe(true));
});
