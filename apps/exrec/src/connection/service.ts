import { CliError, wrongUse } from './cli-error.js';

/** The services that `exrec` asks, with the setting that says where each is. */
export const services = {
  ledger: { variable: 'EXREC_URL', fallback: 'http://127.0.0.1:3680' },
  excp: { variable: 'EXCP_URL', fallback: 'http://127.0.0.1:3650' },
  exrp: { variable: 'EXRP_URL', fallback: 'http://127.0.0.1:3660' },
} as const;
export type ServiceName = keyof typeof services;

export type Request = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Instead of the caller's token. */
  readonly authorization?: string | undefined;
};

export type ServiceAnswer = { readonly status: number; readonly body: unknown };

/** One service, asked with the caller's token. */
export class Service {
  readonly name: ServiceName;
  readonly url: string;
  readonly #token: string | undefined;

  constructor(name: ServiceName, url: string, token: string | undefined) {
    this.name = name;
    this.url = url.replace(/\/$/, '');
    this.#token = token;
  }

  /** The JSON of a 2xx answer. @throws CliError that says what to do */
  async ask(path: string, request: Request = {}): Promise<unknown> {
    const { status, body } = await this.answer(path, request);
    if (status >= 200 && status < 300) return body;
    throw this.#refusal(status, body, path);
  }

  /** Whatever it answers. @throws CliError when it does not answer */
  async answer(path: string, request: Request = {}): Promise<ServiceAnswer> {
    const response = await this.open(path, request);
    const text = await response.text();
    try {
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch {
      throw this.#silent(`what answers at ${this.url} is no service of ours`);
    }
  }

  /** The answer as it comes, for what is too large to be read at once. @throws CliError when it does not answer */
  async open(path: string, request: Request = {}): Promise<Response> {
    const { method = 'GET', query = {}, body, authorization } = request;
    const url = new URL(this.url + path);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { accept: 'application/json' };
    if (authorization !== undefined) headers.authorization = authorization;
    else if (this.#token !== undefined) headers.authorization = `Bearer ${this.#token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      return await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw this.#silent(`${this.name} at ${this.url} does not answer${reasonOf(error)}`);
    }
  }

  #silent(message: string): CliError {
    const { variable } = services[this.name];
    return new CliError(message, {
      hint: `is it running, and does ${variable} (or --url) name it? ${variable} is ${this.url} now`,
    });
  }

  #refusal(status: number, body: unknown, path: string): CliError {
    const { detail, errors } = problemOf(body);
    if (status === 401)
      return wrongUse(
        `${this.name} does not know this token`,
        'set EXREC_TOKEN (or --token) to a token of EXREC_TOKENS_FILE, or to ADMIN_TOKEN',
      );
    if (status === 403)
      return wrongUse(`${this.name}: ${detail}`, 'ask somebody whose token has that role');
    if (status === 400) return wrongUse([`${this.name}: ${detail}`, ...errors].join('; '));
    if (status === 404) return new CliError(`${this.name}: ${detail}`);
    return new CliError(`${this.name} answered ${status} to ${path}: ${detail}`, {
      hint: `\`exrec status\` shows what holds ${this.name} up`,
    });
  }
}

function problemOf(body: unknown): { readonly detail: string; readonly errors: string[] } {
  const { detail, errors } = (typeof body === 'object' && body !== null ? body : {}) as {
    detail?: unknown;
    errors?: unknown;
  };
  const items: readonly unknown[] = Array.isArray(errors) ? errors : [];
  return {
    detail: typeof detail === 'string' ? detail : 'no reason was given',
    errors: items.map((item) => {
      const { pointer, detail: words } = item as { pointer?: unknown; detail?: unknown };
      return `${String(pointer)} ${String(words)}`;
    }),
  };
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause !== null && typeof cause === 'object' && 'code' in cause ? cause.code : '';
  return typeof code === 'string' && code !== '' ? ` (${code})` : '';
}
