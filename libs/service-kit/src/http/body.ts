import { isUtf8 } from 'node:buffer';
import { raw, type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import { isDeeperThan } from './json-depth.js';
import { HttpProblem, type ProblemItem } from './problem.js';

/** What is taken here nests four levels deep; more than this is made to exhaust the reader. */
const maxDepth = 32;

/** Reads the body as bytes whatever its content type says, up to `limit` (`1mb`); larger ones are a 413. */
export function rawBody(limit: string): RequestHandler {
  return raw({ limit, type: () => true });
}

/** The bytes of the body; none when there was no body. */
export function bytesOf(request: Request): Uint8Array {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : new Uint8Array();
}

/**
 * The JSON value of a body; `undefined` when it is empty. Text that is not UTF-8 is refused: reading it with
 * replacement characters would change names.
 * @throws HttpProblem 400
 */
export function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw badBody('is not UTF-8');
  const value = parseJson(Buffer.from(bytes).toString('utf8'));
  if (isDeeperThan(value, maxDepth)) throw badBody(`is nested deeper than ${maxDepth} levels`);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw badBody('is not valid JSON');
  }
}

function badBody(fault: string): HttpProblem {
  return new HttpProblem(400, {
    detail: `the body ${fault}`,
    errors: [{ pointer: '', detail: fault }],
  });
}

/**
 * What came in as `schema` wants it; what is missing counts as empty.
 * @throws HttpProblem 400 with a pointer for every fault
 */
export function readWith<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  throw new HttpProblem(400, { errors: parsed.error.issues.flatMap(problemItems) });
}

/** One item for each fault, with a pointer to it (RFC 6901); a field that is not known is named. */
export function problemItems(issue: z.core.$ZodIssue): ProblemItem[] {
  const at = issue.path.map((part) => `/${escaped(String(part))}`).join('');
  if (issue.code !== 'unrecognized_keys') return [{ pointer: at, detail: issue.message }];
  return issue.keys.map((key) => ({ pointer: `${at}/${escaped(key)}`, detail: 'is not known' }));
}

function escaped(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
