import { strict as assert } from 'node:assert';
import { HttpProblem } from '@exrec/service-kit';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { SaxesParser } from 'saxes';
import { responseElement, multistatusEnd, multistatusStart } from '../../src/http/multistatus.js';
import { parsePropfind } from '../../src/http/propfind-request.js';

const entry = {
  kind: 'file',
  sizeBytes: 828_480,
  modifiedAtMs: 1_772_445_600_000,
  createdAtMs: 1_772_445_600_000,
  etag: '"1-2-3"',
} as const;
const asked = (names: string) => `<propfind xmlns="DAV:"><prop>${names}</prop></propfind>`;

/** Bodies of PROPFIND: refused, or answered well-formed and in moderate size. */
export const target: FuzzTarget = {
  name: 'propfind',
  corpus: [
    asked('<resourcetype/><getcontentlength/><getlastmodified/><getetag/>'),
    '<?xml version="1.0" encoding="utf-8"?>\n<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>',
    '<propfind xmlns="DAV:"><propname/></propfind>',
    asked('<x:colour xmlns:x="urn:a&amp;b"/><![CDATA[x]]><!-- y --><a b="c">d</a>'),
    asked('<toString/><hasOwnProperty/>'),
    '<!DOCTYPE a [<!ENTITY b "c">]><propfind xmlns="DAV:"><prop>&b;</prop></propfind>',
  ],
  words: [
    ...['<prop>', '</prop>', '<allprop/>', '<propname/>', 'xmlns=""', ' xmlns:x="y"', 'x:', 'DAV:'],
    ...['&lt;', '&#0;', '&#x10FFFF;', '<![CDATA[', ']]>', '<!--', '-->', '<?x', '?>'],
    ...['<a/>', 'constructor', 'getetag', 'displayname', '\u0001'],
  ],
  check: (input) => {
    let wanted;
    try {
      wanted = parsePropfind(input.toString('utf8'));
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      assert.ok([400, 413].includes(error.status));
      return;
    }
    const element = responseElement({ path: ['a&b.opus'], entry }, wanted);
    assert.ok(element.length < 64 * 1024);
    assert.ok(!element.includes('[object'));
    new SaxesParser({ xmlns: true }).write(multistatusStart + element + multistatusEnd).close();
  },
};
