import fc from 'fast-check';

/** A change of an input; places are parts of 65,536 of its length, so that they fit any. */
type Edit = (input: Buffer) => Buffer;

const largestInput = 64 * 1024;
const whole = 0x1_0000;

/** What readers stumble over in any format. */
const oddWords = [
  ...['', ' ', '\n', '\r\n', '\t', '\0', '\uFEFF', '"', '""', "'", '\\', '\\u0000', '\\ud800'],
  ...['null', 'true', '[]', '{}', '[null]', '0', '-0', '-1', '1e400', '1e-7', '0.5', '007'],
  ...['2147483648', '9007199254740993', '8640000000000001', 'NaN', '__proto__', 'constructor'],
  ...['é', 'e\u0301', '漢字', '🎧', '\u2028', '../', '%', '%00', '+', 'a'.repeat(300)],
];

/** Inputs made from those of the corpus by a few changes each; the corpus may grow meanwhile. */
export function fuzzInputs(
  corpus: readonly Buffer[],
  words: readonly string[],
): fc.Arbitrary<Buffer> {
  const place = fc.nat(whole - 1);
  const word = fc.constantFrom(...words, ...oddWords).map((text) => Buffer.from(text, 'utf8'));
  const length = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 2_000 }));
  const times = fc.oneof(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 3_000 }));
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    fc.tuple(place, fc.nat(255)).map(([at, byte]) => set(at, byte)),
    fc.tuple(place, word).map(([at, text]) => replaceRange(at, 0, text)),
    fc.tuple(place, word).map(([at, text]) => replaceToken(at, text, isPartOfWord)),
    fc.tuple(place, word).map(([at, text]) => replaceToken(at, text, isPartOfValue)),
    fc.tuple(place, length).map(([at, count]) => replaceRange(at, count, Buffer.alloc(0))),
    fc.tuple(place, length, times).map(([at, count, n]) => repeat(at, count, n)),
    fc
      .tuple(place, place, fc.nat())
      .map(([at, from, n]) => splice(at, from, () => pick(corpus, n))),
    fc
      .tuple(place, fc.uint8Array({ maxLength: 12 }))
      .map(([at, bytes]) => replaceRange(at, bytes.length, Buffer.from(bytes))),
  );
  return fc
    .tuple(fc.nat(), fc.array(edit, { maxLength: 6 }))
    .map(([n, edits]) =>
      edits.reduce((input, change) => change(input).subarray(0, largestInput), pick(corpus, n)),
    );
}

function pick(corpus: readonly Buffer[], n: number): Buffer {
  return corpus[n % corpus.length] ?? Buffer.alloc(0);
}

const placeIn = (input: Buffer, at: number) => Math.floor((input.length * at) / whole);

const set =
  (at: number, byte: number): Edit =>
  (input) => {
    const copy = Buffer.from(input);
    if (copy.length > 0) copy[placeIn(copy, at)] = byte;
    return copy;
  };

const replaceRange =
  (at: number, count: number, text: Buffer): Edit =>
  (input) => {
    const start = placeIn(input, at);
    return Buffer.concat([input.subarray(0, start), text, input.subarray(start + count)]);
  };

const repeat =
  (at: number, count: number, times: number): Edit =>
  (input) => {
    const start = placeIn(input, at);
    const part = input.subarray(start, start + count);
    const fitting = Math.min(times, Math.floor(largestInput / Math.max(1, part.length)));
    const parts = Array.from({ length: fitting }, () => part);
    return Buffer.concat([input.subarray(0, start), ...parts, input.subarray(start + count)]);
  };

const splice =
  (at: number, from: number, other: () => Buffer): Edit =>
  (input) => {
    const tail = other();
    return Buffer.concat([
      input.subarray(0, placeIn(input, at)),
      tail.subarray(placeIn(tail, from)),
    ]);
  };

/** The whole name, number or word at a place. */
const isPartOfWord = (byte: number) => /[\w.+-]/.test(String.fromCharCode(byte)) || byte > 0x7f;
/** With its quotes: a text becomes a number, or a list. */
const isPartOfValue = (byte: number) => !/[[\]{},:;<>=\n]/.test(String.fromCharCode(byte));

const replaceToken =
  (at: number, text: Buffer, isPart: (byte: number) => boolean): Edit =>
  (input) => {
    let start = placeIn(input, at);
    let end = start;
    while (start > 0 && isPart(input[start - 1] ?? 0)) start -= 1;
    while (end < input.length && isPart(input[end] ?? 0)) end += 1;
    return Buffer.concat([input.subarray(0, start), text, input.subarray(end)]);
  };
