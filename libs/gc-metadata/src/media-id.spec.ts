import { isMediaId, parseMediaId } from './index.js';

const plain = [
  '02AB7QK3D4FH59LMN0PQ6RSTUV000017_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus',
  'callrec.00A1B2C3-1000F00D.260302091504.mp3',
  'a',
  '-rf',
  'user+tag@host=1.opus',
  'a..opus',
  'x'.repeat(255),
];

const refused: readonly (readonly [string, unknown])[] = [
  ['nothing', ''],
  ['256 characters', 'x'.repeat(256)],
  ['300 characters', 'x'.repeat(300)],
  ['parent', '..'],
  ['this folder', '.'],
  ['hidden file', '.htaccess'],
  ['traversal', '../x.opus'],
  ['encoded traversal', '..%2fx.opus'],
  ['encoded NUL', 'a%00.opus'],
  ['percent alone', '100%.opus'],
  ['absolute', '/abs.opus'],
  ['slash inside', 'a/b.opus'],
  ['backslash', 'a\\..\\b.opus'],
  ['NUL', 'a\0.opus'],
  ['URL', 'http://h/x.opus'],
  ['drive', 'C:x.opus'],
  ['query', 'a.opus?x'],
  ['fragment', 'a.opus#x'],
  ['space at the end', 'a.opus '],
  ['space in front', ' a.opus'],
  ['line break at the end', 'a.opus\n'],
  ['line break inside', 'a\r\nb.opus'],
  ['umlaut', 'gespräch.opus'],
  ['full-width dots', '．．x.opus'],
  ['right-to-left mark', 'a\u202esupo.opus'],
  ['number', 17],
  ['nothing at all', undefined],
  ['null', null],
  ['list', ['a.opus']],
];

describe('mediaId', () => {
  it.each(plain)('takes the plain file name %s', (name) => {
    expect(isMediaId(name)).toBe(true);
    expect(parseMediaId(name)).toBe(name);
  });

  it.each(refused)('refuses %s', (_what, name) => {
    expect(isMediaId(name)).toBe(false);
    expect(() => parseMediaId(name)).toThrow('must be a plain file name');
  });

  it('needs no escaping in a URL, and stays one path segment', () => {
    for (const name of plain) {
      expect(new URL(name, 'http://store.example/rec/').pathname).toBe(`/rec/${name}`);
    }
  });

  it('does not repeat a refused name', () => {
    expect(() => parseMediaId('../+4930555010')).toThrow(/^(?!.*4930555010)/);
  });
});
