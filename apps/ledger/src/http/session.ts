import type { Access } from '@exrec/service-kit';
import { HttpProblem, route, unauthorized, type Route } from '@exrec/service-kit';
import type { Request, RequestHandler, Response } from 'express';
import * as z from 'zod';
import { SignInBrake } from './sign-in-brake.js';

/** The console's session: the token itself, where no script of a page can read it (docs/design/CONTRACTS.md#14-console). */
const cookieName = 'exrec-session';
const path = '/session';

/** Takes the token of a session for the one of the header, where there is none. */
export const withSession: RequestHandler = (request, _response, next) => {
  const token = cookieOf(request);
  if (token === undefined || request.headers.authorization !== undefined) {
    next();
    return;
  }
  if (!isFromHere(request)) {
    next(new HttpProblem(403, { detail: 'a session acts for its own pages only' }));
    return;
  }
  request.headers.authorization = `Bearer ${token}`;
  next();
};

/** Reading does no harm; whatever changes something must come from a page of this host. */
function isFromHere(request: Request): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = request.headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

function cookieOf(request: Request): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([name]) => name === cookieName)?.[1];
  if (value === undefined || value === '') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

export function sessionRoutes(access: Access): readonly Route[] {
  const callerSchema = z.object({ name: z.string(), role: z.string() });
  const brake = new SignInBrake();
  return [
    route({
      method: 'post',
      path,
      summary: 'Begins a session of the console with a token',
      body: { schema: z.strictObject({ token: z.string().min(1).max(1_000) }), limit: '4kb' },
      answers: { 200: { description: 'who has signed in', schema: callerSchema } },
      refusals: [401, 429],
      answer: ({ body, request, response }) => {
        const address = request.socket.remoteAddress ?? '';
        brake.check(address);
        const caller = access.callerOf(`Bearer ${body.token}`);
        if (caller === undefined) {
          brake.recordWrong(address);
          throw unauthorized('Bearer');
        }
        setCookie(response, encodeURIComponent(body.token), request.secure ? '; Secure' : '');
        return { body: caller };
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'Who has signed in',
      answers: {
        200: {
          description: 'who has signed in; null: nobody',
          schema: z.object({ caller: callerSchema.nullable() }),
        },
      },
      answer: ({ request }) => ({
        headers: { 'cache-control': 'no-store' },
        body: { caller: access.callerOf(request.headers.authorization) ?? null },
      }),
    }),
    route({
      method: 'delete',
      path,
      summary: 'Ends the session',
      answers: { 204: { description: 'signed out' } },
      answer: ({ response }) => {
        setCookie(response, '', '; Max-Age=0');
        return { status: 204 };
      },
    }),
  ];
}

function setCookie(response: Response, value: string, more: string): void {
  const cookie = `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict${more}`;
  response.setHeader('set-cookie', cookie);
  response.setHeader('cache-control', 'no-store');
}
