import { isUtf8 } from 'node:buffer';
import { HttpProblem, isDeeperThan, type ProblemItem } from '@exrec/service-kit';
import { raw, type RequestHandler } from 'express';
import type { z } from 'zod';

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
  if (!isUtf8(bytes)) throw badBody('is not UTF-8');
  const value = parseJson(bytes);
  if (isDeeperThan(value, maxDepth)) {
    throw badBody(`is nested deeper than ${maxDepth} levels`);
  }
  return value;
}

function badBody(fault: string): HttpProblem {
  return new HttpProblem(400, {
    detail: `the body ${fault}`,
    errors: [{ pointer: '', detail: fault }],
  });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw badBody('is not valid JSON');
  }
}

/**
 * A body or query as `schema` wants it; a missing one counts as empty.
 * @throws HttpProblem 400 with a pointer for every fault
 */
export function readWith<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  throw new HttpProblem(400, { errors: parsed.error.issues.map(toProblemItem) });
}

export function toProblemItem({ path, message }: z.core.$ZodIssue): ProblemItem {
  return { pointer: path.map((part) => `/${String(part)}`).join(''), detail: message };
}
