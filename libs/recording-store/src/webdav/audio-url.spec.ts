import { audioName, audioUrl, folderUrl } from './audio-url.js';

const folder = folderUrl('http://user:secret@127.0.0.1:3670/rec?x=1#y');

describe('the URL of a recording', () => {
  it('is built on the folder without credentials, query or fragment', () => {
    expect(audioUrl(folder, 'a.opus')).toBe('http://127.0.0.1:3670/rec/a.opus');
  });

  it.each(['a+b@c=d_e-f.1.opus', 'x'.repeat(255)])('leads back to its name: %s', (name) => {
    expect(audioName(folder, audioUrl(folder, name))).toBe(name);
  });

  it.each([
    '../secret',
    '..',
    '.',
    '',
    '.hidden',
    '..%2fsecret',
    '/abs',
    'a/b',
    'a\\..\\b',
    'nul\0',
    'http://h/x',
    '//h/x',
    'x'.repeat(300),
    'trailing ',
    '100%',
    'a?b',
    'a#b',
    'a;b',
    'ä.opus',
    'line\nbreak',
  ])('is never made for %j', (name) => {
    expect(() => audioUrl(folder, name)).toThrow(
      expect.objectContaining({ code: 'audio-invalid', retry: 'never' }),
    );
  });
});

describe('the name behind an href', () => {
  it.each([
    ['/rec/a.opus', 'a.opus'],
    ['http://other:1/rec/a.opus', 'a.opus'],
    ['/rec/a%2Bb%40c.opus', 'a+b@c.opus'],
    ['/rec/', undefined],
    ['/rec/sub/a.opus', undefined],
    ['/rec/..%2Fa.opus', undefined],
    ['/rec/../a.opus', undefined],
    ['/other/a.opus', undefined],
    ['/rec/%', undefined],
    ['/rec/%00', undefined],
    ['http://', undefined],
  ])('%s is %s', (href, name) => {
    expect(audioName(folder, href)).toBe(name);
  });
});
