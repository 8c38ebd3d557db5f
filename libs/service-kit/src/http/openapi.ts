import * as z from 'zod';
import type { BodyRule, DescribedAnswer, Route } from './route.js';

export type ApiInfo = {
  readonly title: string;
  readonly version: string;
  readonly description: string;
};

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

const refused: Readonly<Record<number, string>> = {
  400: 'the request is not valid',
  401: 'the credentials are missing or wrong',
  403: 'these credentials may not do that',
  404: 'there is no such thing',
  409: 'not in this state',
  413: 'the body is larger than the limit',
  429: 'too often; ask again after `Retry-After`',
  503: 'not now; ask again after `Retry-After`',
};

/** The OpenAPI 3.1 document of an API: all of it follows from the routes themselves. */
export function openApiOf(info: ApiInfo, all: readonly Route[]): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of all) {
    const path = one.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [one.method]: operationOf(one) };
  }
  return {
    openapi: '3.1.0',
    info,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic' },
      },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
    paths,
  };
}

function operationOf(one: Route) {
  const security = one.access === undefined ? [] : [{ [one.scheme ?? 'bearer']: [] }];
  const parameters = [...pathParameters(one.path), ...queryParameters(one.query)];
  return {
    summary: one.summary,
    security,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(one.body === undefined ? {} : { requestBody: requestBodyOf(one.body) }),
    responses: responsesOf(one),
  };
}

function pathParameters(path: string) {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodType | undefined) {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input');
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function requestBodyOf(body: BodyRule<unknown>) {
  if ('bytes' in body) {
    const content = Object.fromEntries(body.types.map((type) => [type, { schema: {} }]));
    return { required: true, description: body.description, content };
  }
  return {
    required: true,
    content: { 'application/json': { schema: schemaOf(body.schema, 'input') } },
  };
}

function responsesOf(one: Route) {
  const refusals = new Set([...(one.refusals ?? []), 503]);
  if (one.access !== undefined) refusals.add(401);
  if (one.body !== undefined) refusals.add(413);
  refusals.add(400);
  const responses: Record<string, unknown> = {};
  for (const [status, described] of Object.entries(one.answers))
    responses[status] = answerOf(described);
  for (const status of [...refusals].sort()) {
    responses[status] ??= {
      description: refused[status] ?? 'refused',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return responses;
}

function answerOf({ description, schema, type }: DescribedAnswer) {
  if (schema === undefined && type === undefined) return { description };
  const shown = schema === undefined ? {} : { schema: schemaOf(schema, 'output') };
  return { description, content: { [type ?? 'application/json']: shown } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
