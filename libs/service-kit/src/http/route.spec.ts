import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { Health } from '../health/health.js';
import { silentLogger } from '../log/logger.js';
import { createMetrics } from '../metrics/metrics.js';
import { bearerAuth } from './auth.js';
import { openApiOf } from './openapi.js';
import { pageOf, pageQuery, route, routes } from './route.js';
import { createServiceApp } from './service-app.js';

const item = z.object({ id: z.string(), sizeBytes: z.int() });
const api = [
  route({
    method: 'get',
    path: '/api/v1/things',
    summary: 'All things',
    access: bearerAuth(['secret']),
    query: pageQuery({ default: 2, max: 10 }).extend({ state: z.enum(['new', 'old']).optional() }),
    answers: { 200: { description: 'a page', schema: pageOf(item) } },
    answer: ({ query }) => ({ body: { items: [], nextCursor: null, asked: query } }),
  }),
  route({
    method: 'get',
    path: '/api/v1/things/:id',
    summary: 'One thing',
    answers: { 200: { description: 'the thing', schema: item } },
    refusals: [404],
    answer: ({ param }) => ({ body: { id: param('id'), sizeBytes: 1 } }),
  }),
  route({
    method: 'post',
    path: '/api/v1/things',
    summary: 'Another thing',
    body: {
      schema: z.strictObject({ name: z.string(), 'a/b': z.number().optional() }),
      limit: '1kb',
    },
    answers: { 202: { description: 'taken' } },
    answer: ({ body }) => ({ status: 202, body: { name: body.name } }),
  }),
];

let server: Server;
let origin: string;
beforeAll(async () => {
  const app = createServiceApp(
    { logger: silentLogger, health: new Health(), metrics: createMetrics('excp') },
    (mount) => mount.use(routes(api)),
  );
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ask = async (path: string, init: RequestInit = {}) => {
  const headers = { authorization: 'Bearer secret' };
  const response = await fetch(`${origin}${path}`, { headers, ...init });
  return { status: response.status, headers: response.headers, body: await response.json() };
};
const post = (body: string | Uint8Array) => ask('/api/v1/things', { method: 'POST', body });

describe('a route', () => {
  it('gives its function what the schema made of the query', async () => {
    const asked = async (path: string) => (await ask(path)).body;
    expect(await asked('/api/v1/things?limit=7&state=old')).toMatchObject({
      asked: { limit: 7, state: 'old' },
    });
    expect(await asked('/api/v1/things')).toMatchObject({ asked: { limit: 2 } });
  });

  it.each([
    ['/api/v1/things?limit=11', '/limit'],
    ['/api/v1/things?state=none', '/state'],
    ['/api/v1/things?stat=old', '/stat'],
    ['/api/v1/things/a?x=1', '/x'],
  ])('refuses %s by name', async (path, pointer) => {
    expect(await ask(path)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('lets nobody in without credentials where it wants some', async () => {
    expect((await ask('/api/v1/things', { headers: {} })).status).toBe(401);
    expect((await ask('/api/v1/things/a', { headers: {} })).status).toBe(200);
  });

  it.each([
    ['no JSON', '{', ''],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), ''],
    ['nested too deep', `${'['.repeat(40)}${']'.repeat(40)}`, ''],
    ['nothing', '', '/name'],
    ['a field of another type', '{"name":7}', '/name'],
    ['a name that is no plain pointer', '{"name":"n","a/b":"x"}', '/a~1b'],
    ['a field nobody knows', '{"name":"n","nam~e":1}', '/nam~0e'],
  ])('refuses a body: %s', async (_what, body, pointer) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('reads a body with a byte order mark, and none above its limit', async () => {
    expect(await post('\uFEFF{"name":"n"}')).toMatchObject({ status: 202, body: { name: 'n' } });
    expect((await post(JSON.stringify({ name: 'x'.repeat(1_100) }))).status).toBe(413);
  });

  it('answers another method with those that there are', async () => {
    const { status, headers } = await ask('/api/v1/things', { method: 'DELETE' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, POST']);
  });
});

it('describes itself: parameters, bodies, answers and refusals', () => {
  const info = { title: 'things', version: '1', description: 'all of them' };
  const { paths } = openApiOf(info, api);
  expect(paths).toMatchObject({
    '/api/v1/things': {
      get: {
        security: [{ bearer: [] }],
        parameters: [
          { name: 'limit', in: 'query', required: false, schema: { default: 2, maximum: 10 } },
          { name: 'cursor' },
          { name: 'state', schema: { enum: ['new', 'old'] } },
        ],
        responses: {
          200: {
            content: {
              'application/json': { schema: { properties: { items: { type: 'array' } } } },
            },
          },
          400: {},
          401: {},
          503: {},
        },
      },
      post: {
        security: [],
        requestBody: { content: { 'application/json': { schema: { required: ['name'] } } } },
        responses: { 202: {}, 400: {}, 413: {}, 503: {} },
      },
    },
    '/api/v1/things/{id}': {
      get: { parameters: [{ name: 'id', in: 'path' }], responses: { 200: {}, 404: {} } },
    },
  });
});
