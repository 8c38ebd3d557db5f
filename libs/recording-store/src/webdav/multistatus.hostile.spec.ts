import { withinBounds } from '@exrec/testing';
import { readMultistatus } from './multistatus.js';

const head = '<D:multistatus xmlns:D="DAV:"><D:response><D:href>/a</D:href><D:propstat><D:prop>';
const tags = (count: number, tag: string) => tag.repeat(count);

async function read(text: string): Promise<number> {
  const bytes = Buffer.from(text, 'latin1');
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 65_536) {
      await new Promise(setImmediate);
      yield bytes.subarray(at, at + 65_536);
    }
  }
  let items = 0;
  for await (const _item of readMultistatus(pieces())) items += 1;
  return items;
}

it.each([
  ['nested elements', `${head}${tags(100_000, '<D:a>')}`],
  ['nested elements with namespaces', `${head}${tags(20_000, '<D:a xmlns:b="c">')}`],
  ['elements side by side', `${head}${tags(200_000, '<D:a/>')}`],
  [
    'properties of other names',
    `${head}${Array.from({ length: 50_000 }, (_, n) => `<D:a${n}/>`).join('')}`,
  ],
  ['attributes', `${head}<D:a ${Array.from({ length: 20_000 }, (_, n) => `b${n}=""`).join(' ')}/>`],
  ['a long text', `${head}<D:getetag>${tags(2_000_000, 'x')}`],
  ['a long name', `${head}<${tags(2_000_000, 'x')}`],
  ['comments', `${head}${tags(200_000, '<!-- -->')}`],
  ['brackets', tags(2_000_000, '<')],
  ['an entity', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
])('an answer of %s is an error at once', async (_what, text) => {
  await withinBounds(() => expect(read(text)).rejects.toThrow());
});

it('a text without end is given up, not gathered', async () => {
  async function* pieces() {
    yield Buffer.from(`${head}<D:getetag>`);
    const piece = Buffer.alloc(65_536, 'x');
    for (let n = 0; n < 2_000; n += 1) {
      await new Promise(setImmediate);
      yield piece;
    }
  }
  const readAll = async () => {
    for await (const _item of readMultistatus(pieces()));
  };
  await withinBounds(() => expect(readAll()).rejects.toThrow('too long'));
});
