import { randomUUID } from 'node:crypto';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import swaggerUi from 'swagger-ui-express';
import { versionView } from '../about/build-info.js';
import type { RedisClock } from '../clock/redis-clock.js';
import type { Health } from '../health/health.js';
import type { Logger } from '../log/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import { errorHandler } from './error-handler.js';
import { HttpProblem, unavailable } from './problem.js';

export type ServiceAppOptions = {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** The OpenAPI document, published at `/openapi.json` and, readable, at `/docs`. */
  readonly openapi?: Readonly<Record<string, unknown>>;
  /** Nothing is written before the time is known; default: it is. */
  readonly clock?: Pick<RedisClock, 'isKnown'>;
};

/**
 * An Express app with what every service has (docs/design/CONTRACTS.md#7-every-service): request id, health, metrics,
 * API description, security headers and problem+json for every error. `mount` adds the routes.
 */
export function createServiceApp(
  options: ServiceAppOptions,
  mount: (app: Express) => void,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(withRequestId, withSafeHeaders, measured(options));
  mountOperations(app, options);
  if (options.openapi) mountDescription(app, options.openapi);
  if (options.clock) app.use(writesOnTime(options.clock));
  mount(app);
  mountFace(app, options);
  app.use((_request: Request, _response: Response, next) => next(new HttpProblem(404)));
  app.use(errorHandler(options.logger));
  return app;
}

/** Of the page for people. A service may be reached by plain http: nothing here may send a browser to https (it would stay blank). */
const pageHeaders: HelmetOptions = {
  strictTransportSecurity: false,
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
};

/** Of what is written with a time: this machine's own may be a day off. */
function writesOnTime(clock: Pick<RedisClock, 'isKnown'>): RequestHandler {
  return ({ method }, _response, next) => {
    const isReading = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
    next(isReading || clock.isKnown() ? undefined : unavailable('Redis has not told the time yet'));
  };
}

/** What `/` says to a person who came there, unless the service has something else at this path. */
function mountFace(app: Express, { metrics, openapi }: ServiceAppOptions): void {
  const described = openapi === undefined ? {} : { docs: '/docs', openapi: '/openapi.json' };
  const links = {
    ...described,
    live: '/health/live',
    ready: '/health/ready',
    metrics: '/metrics',
    version: '/version',
  };
  app.get('/', (_request, response) => {
    response.json({ ...versionView(metrics.service), links });
  });
}

/** `/health/live`, `/health/ready`, `/metrics` and `/version`, without credentials. */
export function mountOperations(app: Express, { health, metrics }: ServiceAppOptions): void {
  app.get('/health/live', (_request, response) => {
    response.json({ status: 'live' });
  });
  app.get('/health/ready', async (_request, response) => {
    const readiness = await health.readiness();
    response.status(readiness.status === 'not-ready' ? 503 : 200).json(readiness);
  });
  app.get('/version', (_request, response) => {
    response.json(versionView(metrics.service));
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

/** The id of the request being answered, to be passed on. */
export function requestIdOf(response: Response): string {
  return String(response.locals.requestId);
}

const withRequestId: RequestHandler = (request, response, next) => {
  const given = request.headers['x-request-id'];
  const isFit = typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given);
  const requestId = isFit ? given : randomUUID();
  response.locals.requestId = requestId;
  response.setHeader('x-request-id', requestId);
  next();
};

/** What programs read: a browser that is made to show it must not guess, run or frame anything. A recording it may play. */
const safePolicy = "default-src 'none'; media-src 'self'; frame-ancestors 'none'";

const withSafeHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-security-policy', safePolicy);
  next();
};

const operations = new Set(['/health/live', '/health/ready', '/metrics', '/version']);

function measured({ logger, metrics }: ServiceAppOptions): RequestHandler {
  const seconds = metrics.histogram({
    name: 'exrec_http_request_seconds',
    help: 'time to answer an HTTP request',
    labelNames: ['method', 'route', 'status'],
  });
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    response.once('close', () => {
      const durationMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
      // The route's template, never the path: ids and names stay out of labels.
      const route = routeOf(request);
      const status = response.statusCode;
      seconds.observe({ method: request.method, route, status }, durationMs / 1000);
      const requestId = requestIdOf(response);
      // Whoever asks for health and metrics every few seconds need not be read about.
      const level = operations.has(route) ? 'debug' : 'info';
      logger[level]('http.request', {
        requestId,
        method: request.method,
        route,
        status,
        durationMs,
      });
    });
    next();
  };
}

function routeOf(request: Request): string {
  const route: unknown = request.route;
  const isRoute = typeof route === 'object' && route !== null && 'path' in route;
  return isRoute && typeof route.path === 'string' ? route.path : 'other';
}

function mountDescription(app: Express, openapi: Readonly<Record<string, unknown>>): void {
  app.get('/openapi.json', (_request, response) => {
    response.json(openapi);
  });
  app.use('/docs', helmet(pageHeaders), swaggerUi.serve, swaggerUi.setup(openapi));
}
