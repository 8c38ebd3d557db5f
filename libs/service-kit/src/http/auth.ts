import { hash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.js';

/**
 * Lets a request pass whose `Authorization` carries one of the bearer tokens; else 401.
 * With no token at all nothing passes.
 */
export function bearerAuth(tokens: readonly (string | undefined)[]): RequestHandler {
  const known = tokens
    .filter((token) => token !== undefined)
    .filter((token) => token !== '')
    .map(digest);
  return (request, _response, next) => {
    const given = credentials(request.headers.authorization, 'bearer');
    // No token is empty, so nothing given matches none.
    const digestOfGiven = digest(given ?? '');
    const matches = known.filter((token) => timingSafeEqual(digestOfGiven, token));
    next(matches.length > 0 ? undefined : unauthorized('Bearer'));
  };
}

export type BasicCredentials = { readonly username: string; readonly password: string };

/** Tells whether an `Authorization` header carries these Basic credentials. */
export function basicCredentialsCheck({
  username,
  password,
}: BasicCredentials): (header: string | undefined) => boolean {
  const expected = digest(`${username}:${password}`);
  return (header) => {
    const given = credentials(header, 'basic');
    if (given === undefined) return false;
    const decoded = Buffer.from(given, 'base64').toString('utf8');
    return timingSafeEqual(digest(decoded), expected);
  };
}

/** Lets a request pass that carries the Basic credentials; else 401 with a challenge. */
export function basicAuth(expected: BasicCredentials): RequestHandler {
  const hasCredentials = basicCredentialsCheck(expected);
  return (request, _response, next) => {
    const passes = hasCredentials(request.headers.authorization);
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

/** Of two digests each is as long as the other: comparing them takes the same time whatever the texts are. */
function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
