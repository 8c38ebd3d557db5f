import { strict as assert } from 'node:assert';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { readMultistatus, type DavItem } from '../../src/webdav/multistatus.js';

const response = (href: string, properties: string) =>
  `<D:response><D:href>${href}</D:href><D:propstat><D:prop>${properties}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`;
const answer = (responses: string) =>
  `<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">${responses}</D:multistatus>`;
const file = response(
  '/exec/a.opus',
  '<D:resourcetype/><D:getcontentlength>5</D:getcontentlength><D:getlastmodified>Mon, 02 Mar 2026 10:00:00 GMT</D:getlastmodified><D:getetag>"1"</D:getetag>',
);

/** What a storage says of its files: items that do not depend on the pieces in which it comes, or an error. */
export const target: FuzzTarget = {
  name: 'multistatus',
  corpus: [
    answer(file),
    answer(response('/exec/', '<D:resourcetype><D:collection/></D:resourcetype>') + file + file),
    answer(file.replace('200 OK', '404 Not Found')),
    '<html><body>Sign in</body></html>',
  ],
  words: [
    ...['<D:prop>', '</D:prop>', 'xmlns:D="x"', '&lt;', '&#0;', '<![CDATA[', ']]>', '<!--', '-->'],
    ...['HTTP/1.1 200', 'getcontentlength', 'lundi, 2 mars 2026', '<D:collection/>', '<!DOCTYPE'],
  ],
  check: async (input) => {
    const whole = await read(input, Math.max(1, input.length));
    assert.deepEqual(await read(input, 101), whole);
    for (const item of whole.items) {
      assert.ok(item.sizeBytes === undefined || item.sizeBytes >= 0);
      assert.ok(item.modifiedAtMs === undefined || Number.isFinite(item.modifiedAtMs));
      assert.ok(item.href.length <= 16 * 1024);
    }
  },
};

async function read(input: Buffer, pieceBytes: number) {
  // eslint-disable-next-line @typescript-eslint/require-await -- an answer is asynchronous
  async function* pieces() {
    for (let at = 0; at < input.length; at += pieceBytes) yield input.subarray(at, at + pieceBytes);
  }
  const items: DavItem[] = [];
  try {
    for await (const item of readMultistatus(pieces())) items.push(item);
  } catch (error) {
    assert.ok(error instanceof Error);
    // How many items came before may depend on the pieces.
    return { isWhole: false, items: [] };
  }
  return { isWhole: true, items };
}
