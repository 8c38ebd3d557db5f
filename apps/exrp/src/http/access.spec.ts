import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Access, createMetrics, createServiceApp, Health, silentLogger } from '@exrec/service-kit';
import { injectionAccess } from './access.js';

let server: Server | undefined;
afterEach(() => server?.close());

async function statuses(apiToken: string | undefined, adminToken: string | undefined) {
  const listOf = (token: string | undefined) => (token === undefined ? [] : [token]);
  const access = new Access({ adminTokens: () => listOf(adminToken) });
  const { mayInject, mayRead, mayOperate } = injectionAccess(() => listOf(apiToken), access);
  const options = { logger: silentLogger, health: new Health(), metrics: createMetrics('exrp') };
  const app = createServiceApp(options, (routes) => {
    for (const [path, guard] of Object.entries({ mayInject, mayRead, mayOperate })) {
      routes.get(`/${path}`, guard, (_request, response) => response.end());
    }
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const passing = async (path: string) => {
    const passes: string[] = [];
    for (const token of ['none', 'api', 'admin']) {
      const headers = new Headers(token === 'none' ? {} : { authorization: `Bearer ${token}` });
      headers.set('connection', 'close');
      if ((await fetch(`http://127.0.0.1:${port}/${path}`, { headers })).ok) passes.push(token);
    }
    return passes;
  };
  return {
    inject: await passing('mayInject'),
    read: await passing('mayRead'),
    operate: await passing('mayOperate'),
  };
}

const anybody = ['none', 'api', 'admin'];
it.each([
  ['both tokens', 'api', 'admin', { inject: ['api'], read: ['api', 'admin'], operate: ['admin'] }],
  ['the API token', 'api', undefined, { inject: ['api'], read: ['api'], operate: [] }],
  ['the admin token', undefined, 'admin', { inject: anybody, read: ['admin'], operate: ['admin'] }],
  ['no token', undefined, undefined, { inject: anybody, read: anybody, operate: [] }],
])('with %s set, lets in who has the right one', async (_what, apiToken, adminToken, expected) => {
  expect(await statuses(apiToken, adminToken)).toEqual(expected);
});
