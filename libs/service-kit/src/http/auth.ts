import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.js';

/** Compares two texts in constant time, whatever their lengths. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * Lets a request pass whose `Authorization` carries one of the bearer tokens; else 401.
 * With no token at all nothing passes.
 */
export function bearerAuth(tokens: readonly (string | undefined)[]): RequestHandler {
  const known = tokens.filter((token) => token !== undefined).filter((token) => token !== '');
  return (request, _response, next) => {
    const given = credentials(request.headers.authorization, 'bearer');
    const matches = known.filter((token) => given !== undefined && sameSecret(given, token));
    next(matches.length > 0 ? undefined : unauthorized('Bearer'));
  };
}

export type BasicCredentials = { readonly username: string; readonly password: string };

/** Whether an `Authorization` header carries these Basic credentials. */
export function hasBasicCredentials(
  header: string | undefined,
  expected: BasicCredentials,
): boolean {
  const given = credentials(header, 'basic');
  if (given === undefined) return false;
  const decoded = Buffer.from(given, 'base64').toString('utf8');
  return sameSecret(decoded, `${expected.username}:${expected.password}`);
}

/** Lets a request pass that carries the Basic credentials; else 401 with a challenge. */
export function basicAuth(expected: BasicCredentials): RequestHandler {
  return (request, _response, next) => {
    const passes = hasBasicCredentials(request.headers.authorization, expected);
    next(passes ? undefined : unauthorized('Basic realm="exrec", charset="UTF-8"'));
  };
}

export function unauthorized(challenge: string): HttpProblem {
  return new HttpProblem(401, {
    detail: 'the credentials are missing or wrong',
    headers: { 'www-authenticate': challenge },
  });
}

function credentials(header: string | undefined, scheme: string): string | undefined {
  const [given, value] = (header ?? '').split(' ', 2);
  return given?.toLowerCase() === scheme ? value : undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
