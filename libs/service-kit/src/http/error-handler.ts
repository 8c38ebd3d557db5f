import { isNativeError } from 'node:util/types';
import type { ErrorRequestHandler } from 'express';
import { Failure } from '../failure/failure.js';
import type { Logger } from '../log/logger.js';
import { isRedisUnavailable } from '../redis/redis-error.js';
import { HttpProblem, sendProblem, unavailable } from './problem.js';

/** Turns whatever a route threw into problem+json; only the unexpected is logged as an error. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = toProblem(error);
    const requestId = String(response.locals.requestId);
    if (problem.status === 500) logger.error('http.unexpected-error', { requestId, error });
    if (problem.status === 503) logger.warn('http.unavailable', { requestId, error });
    sendProblem(response, problem);
  };
}

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (isRedisUnavailable(error)) return unavailable('Redis cannot confirm the write at the moment');
  if (error instanceof Failure) {
    return error.retry === 'later'
      ? unavailable(error.code)
      : new HttpProblem(422, { detail: error.code });
  }
  return bodyProblem(error) ?? new HttpProblem(500);
}

/** Errors of Express' own body parsers and router carry `status` and `type`. */
function bodyProblem(error: unknown): HttpProblem | undefined {
  if (!isNativeError(error) || !('status' in error) || typeof error.status !== 'number')
    return undefined;
  if (error.status < 400 || error.status > 499) return undefined;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  return new HttpProblem(error.status, { detail: details[type] ?? 'the request cannot be read' });
}

const details: Readonly<Record<string, string>> = {
  'entity.too.large': 'the body is larger than the limit',
  'entity.parse.failed': 'the body is not valid JSON',
  'encoding.unsupported': 'the content encoding is not supported',
  'charset.unsupported': 'the character set is not supported',
  'request.aborted': 'the body was cut short',
  'request.size.invalid': 'the body is not as long as announced',
};
