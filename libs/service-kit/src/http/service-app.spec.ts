import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@exrec/testing';
import express from 'express';
import { Failure } from '../failure/failure.js';
import { Health } from '../health/health.js';
import { type Logger, type LogFields, silentLogger } from '../log/logger.js';
import { createMetrics } from '../metrics/metrics.js';
import { HttpProblem } from './problem.js';
import { createServiceApp, requestIdOf } from './service-app.js';

const canary = '+4930555010';
let server: Server;
let origin: string;
let health: Health;
let logged: { level: string; event: string; fields: LogFields | undefined }[];

function recordingLogger(): Logger {
  const record = (level: string) => (event: string, fields?: LogFields) => {
    logged.push({ level, event, fields });
  };
  return {
    ...silentLogger,
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    debug: record('debug'),
  };
}

beforeEach(async () => {
  logged = [];
  health = new Health();
  health.enter('running');
  const app = createServiceApp(
    {
      logger: recordingLogger(),
      health,
      metrics: createMetrics('excp'),
      openapi: { openapi: '3.1.0', info: { title: 'EXCP', version: '1' }, paths: {} },
    },
    (routes) => {
      routes.use(express.json({ limit: 100 }));
      routes.post('/echo', (request, response) => response.json(request.body));
      routes.get('/id', (_request, response) => response.json(requestIdOf(response)));
      routes.get('/calls/:callId', (_request, response) => response.json('ok'));
      routes.get('/unexpected', () => {
        throw new Error(`cannot dial ${canary}`);
      });
      routes.get('/late', async () => {
        await Promise.reject(new Error(`cannot dial ${canary}`));
      });
      routes.get('/half', (_request, response) => {
        response.write('half');
        throw new Error('broken');
      });
      routes.get('/invalid', () => {
        throw new HttpProblem(400, {
          detail: 'not good',
          errors: [{ pointer: '/0/mediaId', detail: 'must be a file name' }],
        });
      });
      routes.get('/later', () => {
        throw Failure.later('gc-unavailable', { detail: `for ${canary}` });
      });
      routes.get('/never', () => {
        throw Failure.never('audio-invalid', { detail: `for ${canary}` });
      });
      routes.get('/redis', () => {
        throw new Error("Stream isn't writeable and enableOfflineQueue options is false");
      });
    },
  );
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${origin}/echo`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('request id', () => {
  it('is taken from the caller and given back', async () => {
    const response = await fetch(`${origin}/id`, { headers: { 'x-request-id': 'lb-1:2.3_4' } });
    expect(response.headers.get('x-request-id')).toBe('lb-1:2.3_4');
    expect(await response.json()).toBe('lb-1:2.3_4');
  });

  it('is logged with what became of the request; health and metrics only for those who debug', async () => {
    await fetch(`${origin}/id`, { headers: { 'x-request-id': 'lb-1' } });
    await fetch(`${origin}/health/live`, { headers: { 'x-request-id': 'probe-1' } });
    const requests = () => logged.filter(({ event }) => event === 'http.request');
    await waitFor('both lines', () => requests().length === 2);
    expect(requests()).toMatchObject([
      { level: 'info', fields: { requestId: 'lb-1', method: 'GET', route: '/id', status: 200 } },
      { level: 'debug', fields: { requestId: 'probe-1' } },
    ]);
  });

  it.each([
    ['missing', undefined],
    ['with blanks', 'a b'],
    ['with quotes', '"><script>'],
    ['too long', 'x'.repeat(129)],
    ['empty', ''],
  ])('is made when it is %s', async (_what, given) => {
    const headers = given === undefined ? {} : { 'x-request-id': given };
    const response = await fetch(`${origin}/id`, { headers });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('problem+json', () => {
  const tooLarge = JSON.stringify('x'.repeat(200));
  it.each([
    ['an unknown path', 404, () => fetch(`${origin}/none`)],
    ['a faulty request', 400, () => fetch(`${origin}/invalid`)],
    ['malformed JSON', 400, () => post(`{"caller": "${canary}"`)],
    ['a malformed path', 400, () => fetch(`${origin}/calls/%ff`)],
    ['a large body', 413, () => post(tooLarge)],
    ['an unknown encoding', 415, () => post('{}', { 'content-encoding': 'x-unknown' })],
    ['an unexpected error', 500, () => fetch(`${origin}/unexpected`)],
    ['an unexpected rejection', 500, () => fetch(`${origin}/late`)],
    ['a failure that may pass', 503, () => fetch(`${origin}/later`)],
    ['a failure for good', 422, () => fetch(`${origin}/never`)],
    ['Redis away', 503, () => fetch(`${origin}/redis`)],
  ])('answers %s with %i and keeps the message to itself', async (_what, status, ask) => {
    const response = await ask();
    const body = await response.text();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(body)).toMatchObject({
      type: 'about:blank',
      status,
      title: expect.stringMatching(/\w/),
      detail: expect.stringMatching(/\w/),
      instance: response.headers.get('x-request-id'),
    });
    expect(body).not.toContain('4930555010');
    expect(body).not.toContain('.ts');
  });

  it('points at every fault of a request', async () => {
    expect(await (await fetch(`${origin}/invalid`)).json()).toMatchObject({
      title: 'Bad Request',
      detail: 'not good',
      errors: [{ pointer: '/0/mediaId', detail: 'must be a file name' }],
    });
  });

  it.each(['/later', '/redis'])('says when to ask again: %s', async (path) => {
    const response = await fetch(origin + path);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('logs the unexpected as an error with the request id, the expected not', async () => {
    await fetch(`${origin}/invalid`);
    await fetch(`${origin}/none`);
    const response = await fetch(`${origin}/unexpected`);
    const errors = logged.filter(({ level }) => level === 'error');
    expect(errors).toMatchObject([
      {
        event: 'http.unexpected-error',
        fields: { requestId: response.headers.get('x-request-id') },
      },
    ]);
  });

  it('cuts an answer short that fails half-way', async () => {
    await expect(fetch(`${origin}/half`).then((response) => response.text())).rejects.toThrow();
  });
});

describe('what every service has', () => {
  it('answers with security headers and without naming its framework', async () => {
    const { headers } = await fetch(`${origin}/id`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; media-src 'self'; frame-ancestors 'none'",
    );
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('lets the page for people load what is its own', async () => {
    for (const path of ['/docs/', '/docs/swagger-ui-bundle.js']) {
      const { headers } = await fetch(`${origin}${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    }
  });

  it('never sends a browser to https, which the service may not speak', async () => {
    const { headers } = await fetch(`${origin}/docs/`);
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('describes its API, for programs and for people', async () => {
    expect(await (await fetch(`${origin}/openapi.json`)).json()).toMatchObject({
      openapi: '3.1.0',
    });
    expect(await (await fetch(`${origin}/docs/`)).text()).toContain('swagger-ui');
    expect((await fetch(`${origin}/docs/swagger-ui-bundle.js`)).status).toBe(200);
  });

  it('measures by route template, never by path', async () => {
    await (await fetch(`${origin}/calls/8005550100`)).text();
    await (await fetch(`${origin}/8005550100`)).text();
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    expect(metrics).toMatch(/exrec_http_request_seconds_count\{.*route="\/calls\/:callId".*\} 1/);
    expect(metrics).toMatch(/route="other"/);
    expect(metrics).toMatch(/service="excp"/);
    expect(metrics).not.toContain('8005550100');
    expect(JSON.stringify(logged)).not.toContain('8005550100');
  });

  it('is ready, degraded or not as its checks say', async () => {
    const ready = () => fetch(`${origin}/health/ready`);
    expect([(await ready()).status, await (await ready()).json()]).toEqual([
      200,
      { status: 'ready', checks: {} },
    ]);
    health.warn('auth', 'open to everyone');
    expect([(await ready()).status, await (await ready()).json()]).toMatchObject([
      200,
      { status: 'degraded', checks: { auth: { reason: 'open to everyone' } } },
    ]);
    health.addCheck('redis', () => Promise.reject(new Error('Redis does not answer')));
    expect([(await ready()).status, await (await ready()).json()]).toMatchObject([
      503,
      { status: 'not-ready', checks: { redis: { reason: 'Redis does not answer' } } },
    ]);
    expect((await fetch(`${origin}/health/live`)).status).toBe(200);
  });

  it('reads a repeated query parameter as a list and never as an object', async () => {
    const response = await fetch(`${origin}/id?a[__proto__][b]=1`);
    expect(response.status).toBe(200);
  });

  it('survives a request that is cut short', async () => {
    const request = httpRequest(`${origin}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 50 },
    });
    request.on('error', () => undefined);
    request.write('{');
    await once(server, 'request');
    request.destroy();
    expect((await fetch(`${origin}/health/live`)).status).toBe(200);
  });
});
