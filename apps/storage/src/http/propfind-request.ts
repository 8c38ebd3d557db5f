import { HttpProblem } from '@exrec/service-kit';
import { SaxesParser } from 'saxes';

export type PropertyName = { readonly namespace: string; readonly local: string };

/** What a PROPFIND asks for (RFC 4918 9.1). */
export type PropfindRequest =
  | { readonly want: 'all' | 'names' }
  | { readonly want: 'some'; readonly names: readonly PropertyName[] };

const largestBodyBytes = 64 * 1024;
/** Clients ask for a dozen properties; each name that we don't know comes back once for every file. */
const mostNames = 64;
const longestNamesCharacters = 4 * 1024;
/** `propfind/prop/name`, and room for what an extension may put below. */
const deepest = 8;
const dav = 'DAV:';

/** Reads the body of a PROPFIND; an empty one asks for everything. @throws HttpProblem 400, 413 */
export async function readPropfind(body: AsyncIterable<Buffer>): Promise<PropfindRequest> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > largestBodyBytes) throw new HttpProblem(413);
    pieces.push(piece);
  }
  return bytes === 0 ? { want: 'all' } : parsePropfind(Buffer.concat(pieces).toString('utf8'));
}

/**
 * @throws HttpProblem 400 for anything but one well-formed `propfind` element of moderate size
 */
export function parsePropfind(xml: string): PropfindRequest {
  const parser = new SaxesParser({ xmlns: true });
  const path: string[] = [];
  const names: PropertyName[] = [];
  let namesCharacters = 0;
  let want: PropfindRequest['want'] | undefined;
  parser.on('doctype', () => {
    throw new Error('a document type is not accepted');
  });
  parser.on('opentag', ({ uri, local }) => {
    path.push(uri === dav ? local : `{${uri}}${local}`);
    if (path.length > deepest) throw new Error('the elements are nested too deeply');
    const place = path.join('/');
    if (path[0] !== 'propfind') throw new Error('not a propfind');
    if (place === 'propfind/allprop') want = 'all';
    if (place === 'propfind/propname') want = 'names';
    if (place === 'propfind/prop') want = 'some';
    if (path.length !== 3 || path[1] !== 'prop') return;
    names.push({ namespace: uri, local });
    namesCharacters += uri.length + local.length;
    if (names.length > mostNames || namesCharacters > longestNamesCharacters)
      throw new Error('too many properties are asked for');
  });
  parser.on('closetag', () => path.pop());
  try {
    parser.write(xml).close();
  } catch (error) {
    throw malformed(error);
  }
  if (want === undefined) throw malformed();
  return want === 'some' ? { want, names } : { want };
}

function malformed(cause?: unknown): HttpProblem {
  const problem = new HttpProblem(400, { detail: 'the body is not a valid propfind element' });
  problem.cause = cause;
  return problem;
}
