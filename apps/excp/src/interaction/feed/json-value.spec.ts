import { array, assert, dictionary, jsonValue, property, string } from 'fast-check';
import { canonicalJson } from './json-value.js';

const key = string().map((text) => (text === '' ? '__proto__' : text));
const content = dictionary(key, jsonValue(), { noNullPrototype: true });

/** The same object, its keys put in from last to first. */
function turnedAround(value: object): object {
  return Object.fromEntries(Object.entries(value).reverse());
}

it('gives the same text whatever the order of the keys, and loses nothing', () => {
  assert(
    property(content, array(content), (outer, inner) => {
      const text = canonicalJson({ ...outer, inner });
      expect(canonicalJson(turnedAround({ ...outer, inner: inner.map(turnedAround) }))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ ...outer, inner })));
    }),
  );
});

it('sorts by code unit, at every depth, and takes `__proto__` for a key like any other', () => {
  const value: unknown = JSON.parse('{"b":[{"d":1,"c":{"__proto__":2,"Z":3}}],"a":null,"é":"x"}');
  expect(canonicalJson({ value, absent: undefined })).toBe(
    '{"value":{"a":null,"b":[{"c":{"Z":3,"__proto__":2},"d":1}],"é":"x"}}',
  );
});
