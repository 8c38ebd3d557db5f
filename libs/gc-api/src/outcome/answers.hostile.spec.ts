import { retryAfterMs } from '@exrec/service-kit';
import { withinBounds } from '@exrec/testing';
import { cleanMessage, describeRefusal } from './error-body.js';

const texts: readonly (readonly [string, string])[] = [
  ['words', 'word '],
  ['letters', 'a'],
  ['digits', '1'],
  ['digits with blanks', '1 '],
  ['quotes', '"'],
  ['open quotes', '"a'],
  ['typographic quotes', '\u201ca'],
  ['at signs', '@'],
  ['addresses', 'a@b '],
  ['schemes', 'a:'],
  ['slashes', 'a://'],
  ['credentials', 'bearer '],
  ['blanks', ' '],
  ['control characters', '\u0001'],
  ['surrogates', '\ud83d'],
];

it.each(texts)('a megabyte of %s as a message is read at once', async (_what, text) => {
  const message = text.repeat(1_000_000 / text.length);
  const body = JSON.stringify({ code: message });
  await withinBounds(() => {
    expect(cleanMessage(message).length).toBeLessThanOrEqual(200);
    const headers = { 'inin-correlation-id': message };
    expect(describeRefusal({ status: 400, headers, body }).length).toBeLessThan(300);
  });
});

it.each([
  ['digits', '9'],
  ['times', '00:00:00'],
  ['dots', '1.'],
  ['blanks', ' '],
])('a Retry-After of %s is a short pause, or none', async (_what, text) => {
  const value = text.repeat(16_000 / text.length);
  await withinBounds(() => {
    const pauseMs = retryAfterMs({ headers: { 'retry-after': value, date: value } });
    expect(pauseMs ?? 0).toBeLessThanOrEqual(15 * 60_000);
  });
});
