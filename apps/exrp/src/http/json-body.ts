import { HttpProblem, isDeeperThan } from '@exrec/service-kit';
import { json, type RequestHandler } from 'express';

const maxDepth = 32;

/** Reads a JSON body whatever its content type says, within limits of size and depth. */
export function jsonBody(limit: string): readonly RequestHandler[] {
  return [
    json({ limit, type: () => true, strict: true }),
    (request, _response, next) => {
      const body: unknown = request.body;
      const isTooDeep = isDeeperThan(body, maxDepth);
      next(
        isTooDeep
          ? new HttpProblem(400, { detail: `the body is nested deeper than ${maxDepth} levels` })
          : undefined,
      );
    },
  ];
}
