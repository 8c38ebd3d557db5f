import crypto from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestHandler } from 'express';
import { Health } from '../health/health.js';
import { silentLogger } from '../log/logger.js';
import { createMetrics } from '../metrics/metrics.js';
import { basicAuth, bearerAuth } from './auth.js';
import { createServiceApp } from './service-app.js';

const servers: Server[] = [];

async function guarded(guard: RequestHandler) {
  const app = createServiceApp(
    { logger: silentLogger, health: new Health(), metrics: createMetrics('exrp') },
    (routes) => routes.get('/', guard, (_request, response) => response.json('in')),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return (authorization?: string) =>
    fetch(`http://127.0.0.1:${port}/`, {
      headers: authorization === undefined ? {} : { authorization },
    });
}

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

const basic = (text: string, encoding: BufferEncoding = 'utf8') =>
  `Basic ${Buffer.from(text, encoding).toString('base64')}`;

describe('bearerAuth', () => {
  it.each([
    ['the token', 'Bearer new-token', 200],
    ['the second token of a rotation', 'Bearer old-token', 200],
    ['another spelling of the scheme', 'bEARER new-token', 200],
    ['no credentials', undefined, 401],
    ['a wrong token', 'Bearer wrong', 401],
    ['the beginning of a token', 'Bearer new-toke', 401],
    ['a token and more', 'Bearer new-token2', 401],
    ['an empty token', 'Bearer ', 401],
    ['the token alone', 'new-token', 401],
    ['another scheme', 'Basic new-token', 401],
  ])('%s', async (_what, authorization, status) => {
    const ask = await guarded(bearerAuth(['new-token', undefined, 'old-token']));
    expect((await ask(authorization)).status).toBe(status);
  });

  it.each([[[]], [[undefined]], [['']]])(
    'lets nobody in when no token is set: %j',
    async (tokens) => {
      const ask = await guarded(bearerAuth(tokens));
      for (const header of [undefined, 'Bearer', 'Bearer ', 'Bearer undefined']) {
        expect((await ask(header)).status).toBe(401);
      }
    },
  );

  it('answers 401 as a problem with a challenge, without the token', async () => {
    const ask = await guarded(bearerAuth(['new-token']));
    const response = await ask('Bearer guess');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ status: 401, title: 'Unauthorized' });
    expect(body).not.toMatch(/guess|new-token/);
  });

  it('compares every token in constant time, also after a match', async () => {
    const ask = await guarded(bearerAuth(['first', 'second', 'third']));
    const compare = jest.spyOn(crypto, 'timingSafeEqual');
    await ask('Bearer first');
    expect(compare).toHaveBeenCalledTimes(3);
  });
});

describe('basicAuth', () => {
  it.each([
    ['the credentials', basic('mcp:pässwörd:x'), 200],
    ['another spelling of the scheme', basic('mcp:pässwörd:x').replace('Basic', 'BASIC'), 200],
    ['the credentials in Latin-1', basic('mcp:pässwörd:x', 'latin1'), 200],
    ['a wrong password', basic('mcp:password'), 401],
    ['a wrong user', basic('root:pässwörd:x'), 401],
    ['no colon', basic('mcp'), 401],
    ['not base64', 'Basic %%%', 401],
    ['no credentials', undefined, 401],
  ])('%s', async (_what, authorization, status) => {
    const ask = await guarded(basicAuth({ username: 'mcp', password: 'pässwörd:x' }));
    const response = await ask(authorization);
    expect(response.status).toBe(status);
    if (status === 401) expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  });
});
