import type { Endpoint, RawEndpoint } from './endpoint.js';

export type Route =
  | {
      readonly kind: 'json';
      readonly endpoint: Endpoint;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'raw'; readonly endpoint: RawEndpoint };

/** Finds the endpoint of a method and a path. Paths without parameters win over those with. */
export class Router {
  readonly #exact = new Map<string, Endpoint>();
  readonly #patterns: { readonly pattern: RegExp; readonly endpoint: Endpoint }[] = [];
  readonly #raw: readonly RawEndpoint[];

  constructor(endpoints: readonly Endpoint[], raw: readonly RawEndpoint[]) {
    this.#raw = raw;
    for (const endpoint of endpoints) {
      if (endpoint.path.includes(':'))
        this.#patterns.push({ pattern: patternOf(endpoint.path), endpoint });
      else this.#exact.set(`${endpoint.method} ${endpoint.path}`, endpoint);
    }
  }

  find(method: string, path: string): Route | undefined {
    const raw = this.#raw.find((each) => each.method === method && path.startsWith(each.below));
    if (raw) return { kind: 'raw', endpoint: raw };
    const exact = this.#exact.get(`${method} ${path}`);
    if (exact) return { kind: 'json', endpoint: exact, params: {} };
    for (const { pattern, endpoint } of this.#patterns) {
      const groups = endpoint.method === method ? pattern.exec(path)?.groups : undefined;
      if (groups) return { kind: 'json', endpoint, params: { ...groups } };
    }
    return undefined;
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}
