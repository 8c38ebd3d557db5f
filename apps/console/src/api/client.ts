/** Why an answer did not come or was none, with a sentence for the person. */
export class ApiError extends Error {
  /** 0: nobody answered. */
  readonly status: number;
  readonly detail: string | undefined;

  constructor(status: number, detail?: string) {
    super(detail ?? `status ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.detail = detail;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The page of the recordings that these filters find. */
export function searchPath(query: Query): string {
  return withQuery('/search', query);
}

/** The JSON of a 2xx answer of the ledger. @throws ApiError */
export async function ask<T>(
  path: string,
  { headers, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
): Promise<T> {
  const response = await fetch(path, {
    ...init,
    headers: { accept: 'application/json', ...headers },
  }).catch(() => {
    throw new ApiError(0);
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, detailOf(text));
  return (text === '' ? undefined : JSON.parse(text)) as T; // described by the ledger's OpenAPI document
}

export function send<T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return ask<T>(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function detailOf(text: string): string | undefined {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : undefined;
  } catch {
    return undefined;
  }
}
