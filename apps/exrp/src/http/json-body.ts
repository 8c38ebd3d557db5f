import { isUtf8 } from 'node:buffer';
import { HttpProblem, isDeeperThan } from '@exrec/service-kit';
import { raw, type RequestHandler } from 'express';

const maxDepth = 32;

/**
 * Reads a JSON body whatever its content type says, within limits of size and depth.
 * Text that is not UTF-8 is refused: reading it with replacement characters would change names.
 */
export function jsonBody(limit: string): readonly RequestHandler[] {
  return [
    raw({ limit, type: () => true }),
    (request, _response, next) => {
      const bytes: unknown = request.body;
      request.body = Buffer.isBuffer(bytes) && bytes.length > 0 ? parse(bytes) : undefined;
      next();
    },
  ];
}

/** @throws HttpProblem 400 */
function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new HttpProblem(400, { detail: 'the body is not UTF-8' });
  const value = parseJson(bytes);
  if (isDeeperThan(value, maxDepth)) {
    throw new HttpProblem(400, { detail: `the body is nested deeper than ${maxDepth} levels` });
  }
  return value;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw new HttpProblem(400, { detail: 'the body is not valid JSON' });
  }
}
