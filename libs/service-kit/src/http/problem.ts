import type { Response } from 'express';

export type ProblemItem = { readonly pointer: string; readonly detail: string };

export type ProblemOptions = {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly ProblemItem[];
  readonly headers?: Readonly<Record<string, string>>;
};

/** An answer other than 2xx, rendered as `application/problem+json` (RFC 9457). */
export class HttpProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly ProblemItem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, options: ProblemOptions = {}) {
    const title = options.title ?? titles[status] ?? 'Error';
    super(options.detail ?? title);
    this.name = 'HttpProblem';
    this.status = status;
    this.title = title;
    this.detail = options.detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

/** 503 with `Retry-After`: the write could not be confirmed, ask again. */
export function unavailable(detail: string, retryAfterSeconds = 2): HttpProblem {
  return new HttpProblem(503, { detail, headers: { 'retry-after': `${retryAfterSeconds}` } });
}

export function sendProblem(response: Response, problem: HttpProblem): void {
  const { status, title, detail, errors, headers } = problem;
  response
    .status(status)
    .set(headers)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title,
        status,
        detail: detail ?? details[status] ?? title,
        instance: String(response.locals.requestId),
        ...(errors === undefined ? {} : { errors }),
      }),
    );
}

/** For those who gave none: every problem says something about this occurrence (docs/design/CONTRACTS.md#21-mcp-pushes-metadata). */
const details: Readonly<Record<number, string>> = {
  400: 'the request is not valid',
  404: 'there is nothing at this path',
  500: 'an unexpected error; the log names it under this instance',
};

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
