import { Router, type Request, type RequestHandler, type Response } from 'express';
import * as z from 'zod';
import { bytesOf, jsonOf, rawBody, readWith } from './body.js';
import { HttpProblem } from './problem.js';

/** What a request brought, as the route's schemas made it. */
export type RouteInput<Query, Body> = {
  readonly query: Query;
  /** `undefined` where the route takes none. */
  readonly body: Body;
  /** A parameter of the path. */
  readonly param: (name: string) => string;
  readonly request: Request;
  /** For an answer that is streamed; then `answer` gives nothing. */
  readonly response: Response;
};

export type RouteAnswer = {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** An answer as the API's description tells it: `schema` for JSON, `type` for anything else. */
export type DescribedAnswer = {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly type?: string;
};

export type BodyRule<Body> =
  | { readonly schema: z.ZodType<Body>; readonly limit?: string }
  | {
      /** The bytes as they came: a format of its own, read by the route. */
      readonly bytes: true;
      readonly limit: string;
      readonly description: string;
      readonly types: readonly string[];
    };

export type RouteRules<Query, Body> = {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As Express writes it, from the root: `/api/v1/interactions/:callUUID`. */
  readonly path: string;
  readonly summary: string;
  /** Who may call it; without it everybody may. */
  readonly access?: RequestHandler;
  /** How the caller shows who they are, for the description; `bearer` where there is an `access`. */
  readonly scheme?: 'bearer' | 'basic';
  /** Query parameters. A parameter that is not in it is refused by name. */
  readonly query?: z.ZodType<Query>;
  readonly body?: BodyRule<Body>;
  readonly answers: Readonly<Record<number, DescribedAnswer>>;
  /** Refusals besides those that follow from the rest (400, 401, 413), e.g. 404. */
  readonly refusals?: readonly number[];
  readonly answer: (
    input: RouteInput<Query, Body>,
  ) => RouteAnswer | undefined | Promise<RouteAnswer | undefined>;
};

/** A route whose types have done their work. */
export type Route = Omit<RouteRules<never, never>, 'query' | 'body' | 'answer'> & {
  readonly query: z.ZodType | undefined;
  readonly body: BodyRule<unknown> | undefined;
  readonly handlers: readonly RequestHandler[];
};

const noQuery: z.ZodType<object> = z.strictObject({});

/**
 * One call of an API: its schemas and a function. Reading the body within its limits, 400s with a pointer for every
 * fault, parameters nobody knows and the description in OpenAPI follow from it.
 */
export function route<Query = object, Body = undefined>(rules: RouteRules<Query, Body>): Route {
  const { access, body, query, answer, ...rest } = rules;
  const handlers: RequestHandler[] = [];
  if (access) handlers.push(access);
  if (body) handlers.push(rawBody(body.limit ?? '64kb'));
  handlers.push(async (request, response) => {
    const input: RouteInput<Query, Body> = {
      // Without a schema the type of the query is the default one, of an object without parameters.
      query: readWith(query ?? (noQuery as z.ZodType<Query>), { ...request.query }),
      body: readBody(body, request),
      param: (name) => String(request.params[name]),
      request,
      response,
    };
    send(response, await answer(input));
  });
  return { ...rest, ...(access ? { access } : {}), query, body, handlers };
}

/** Mounts routes; a path that exists answers another method with 405. */
export function routes(all: readonly Route[]): Router {
  const router = Router();
  for (const { method, path, handlers } of all) router[method](path, ...handlers);
  for (const path of new Set(all.map((one) => one.path))) {
    const methods = all
      .filter((one) => one.path === path)
      .map(({ method }) => method.toUpperCase());
    router.all(path, (_request, _response, next) => {
      next(new HttpProblem(405, { headers: { allow: methods.join(', ') } }));
    });
  }
  return router;
}

function readBody<Body>(rule: BodyRule<Body> | undefined, request: Request): Body {
  if (rule === undefined) return undefined as Body;
  if ('bytes' in rule) return bytesOf(request) as Body;
  return readWith(rule.schema, jsonOf(bytesOf(request)));
}

function send(response: Response, answer: RouteAnswer | undefined): void {
  if (answer === undefined) return;
  response.status(answer.status ?? 200).set(answer.headers ?? {});
  if (answer.body === undefined) response.end();
  else response.json(answer.body);
}

/** The query of a list in pages; `state` and the like are added with `.extend`. */
export function pageQuery(limits: { readonly default: number; readonly max: number }) {
  return z.strictObject({
    limit: z.coerce.number().int().min(1).max(limits.max).default(limits.default),
    cursor: z.string().max(400).optional(),
  });
}

/** What every list answers (docs/design/CONTRACTS.md#9-clarifications, 14). */
export function pageOf(item: z.ZodType) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
