import { withinBounds } from '@exrec/testing';
import { matchesGlob } from '../interaction/index.js';
import { scopeOf } from '../interaction/segments/scope.js';
import { readCallEvents, readMetadataBody } from './index.js';

const mebibyte = 1024 * 1024;
const filled = (text: string, length = mebibyte) =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);
const file = (more: string) =>
  `{"mediaId":"a.opus","callUUID":"02AB7QK3D4FH59LMN0PQ6RSTUV000017","startTime":"2026-03-02T09:15:04Z","stopTime":"2026-03-02T09:16:04Z",${more}}`;
const keys = (count: number) => Array.from({ length: count }, (_, n) => `"k${n}":1`).join();

const bodies: readonly (readonly [string, string])[] = [
  ['lists', filled('[')],
  ['objects', filled('{"a":')],
  ['quotes', filled('"')],
  ['backslashes', `"${filled('\\')}`],
  ['escapes', `["${filled('\\u0000', mebibyte - 10)}"]`],
  ['digits', filled('9')],
  ['numbers', `[${filled('9999999999999999,', mebibyte - 5)}1]`],
  ['commas', `[${filled(',')}`],
  ['blanks', filled(' ')],
  ['null items', `[${filled('null,', mebibyte - 10)}null]`],
  ['keys', `{${keys(80_000)}}`],
  ['one key twice, again and again', `[${filled('{"a":1,"a":2},', mebibyte - 20)}{}]`],
  ['a media file of many keys', file(keys(70_000))],
  ['a media file of a long name', file(`"parameters":{"queue":"${filled('a', 900_000)}"}`)],
  ['a media file of many masks', file(`"masks":[${filled('{},', 900_000)}{}]`)],
  ['a media file of a long time', file(`"duration":"${filled('1', 900_000)}"`)],
];

it.each(bodies)('a mebibyte of %s holds up nobody', async (_what, text) => {
  const body = Buffer.from(text);
  await withinBounds(() => readMetadataBody(body));
  await withinBounds(() => readCallEvents(body, 'json'));
  await withinBounds(() => readCallEvents(body, 'ndjson'));
});

it.each([
  ['line breaks', '\n'],
  ['empty objects', '{}\n'],
  ['brackets', '[\n'],
])('five mebibytes of lines of %s hold up nobody', async (_what, line) => {
  const body = Buffer.from(filled(line, 5 * mebibyte));
  await withinBounds(() => readCallEvents(body, 'ndjson'));
});

it('a name of a mebibyte is compared with a thousand patterns at once, and is in no scope', async () => {
  const patterns = Array.from({ length: 1_000 }, (_, n) => `*a*${n}b*c`);
  const queue = filled('a');
  const scope = { agents: patterns, dns: patterns, queues: patterns };
  await withinBounds(() => {
    expect(scopeOf({ agentId: queue, dn: queue, queue }, scope).inScope).toBe(false);
    expect(matchesGlob('*', queue)).toBe(false);
  });
});
