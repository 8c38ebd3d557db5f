import { hash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.js';

type Tokens = readonly (string | undefined)[];

/**
 * Lets a request pass whose `Authorization` carries one of the bearer tokens; else 401.
 * With no token at all nothing passes.
 * @param tokens a function is asked at each request: tokens may change while the service runs
 */
export function bearerAuth(tokens: Tokens | (() => Tokens)): RequestHandler {
  return (request, _response, next) => {
    const known = typeof tokens === 'function' ? tokens() : tokens;
    const digestOfGiven = digest(bearerToken(request.headers.authorization) ?? '');
    // No token is empty, so nothing given matches none.
    const matches = known
      .filter((token) => token !== undefined && token !== '')
      .filter((token) => timingSafeEqual(digestOfGiven, digest(token ?? '')));
    next(matches.length > 0 ? undefined : unauthorized('Bearer'));
  };
}

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return credentials(authorization, 'bearer');
}

export type BasicCredentials = {
  readonly username: string;
  /** A function is asked at each request; any of what it gives will do. */
  readonly password: string | (() => readonly string[]);
};

/**
 * Tells whether an `Authorization` header carries these Basic credentials, in UTF-8 as our challenge asks for
 * [RFC 7617], or in Latin-1 as older clients send them.
 */
export function basicCredentialsCheck({
  username,
  password,
}: BasicCredentials): (header: string | undefined) => boolean {
  const passwords = typeof password === 'function' ? password : () => [password];
  return (header) => {
    const given = credentials(header, 'basic');
    if (given === undefined) return false;
    const bytes = Buffer.from(given, 'base64');
    // Mostly the same text, so it is looked at once.
    const readings = [...new Set([bytes.toString('utf8'), bytes.toString('latin1')])].map(digest);
    const expected = passwords().map((one) => digest(`${username}:${one}`));
    return (
      expected.filter((one) => readings.filter((each) => timingSafeEqual(each, one)).length > 0)
        .length > 0
    );
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
