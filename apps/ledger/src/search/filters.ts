import { HttpProblem } from '@exrec/service-kit';

/** The filters of both lists (CONTRACTS 11.4, 17.4). */
export const filterNames = [
  'q',
  'from',
  'to',
  'state',
  'cause',
  'agent',
  'dn',
  'queue',
  'number',
  'call',
  'language',
  'program',
  'sta',
  'scope',
] as const;
export type FilterName = (typeof filterNames)[number];

/** What is looked for; times are epoch ms, `fromMs` included, `toMs` not. */
export type Filters = {
  readonly [K in Exclude<FilterName, 'from' | 'to' | 'scope'>]?: string;
} & {
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly inScope?: boolean;
};

const longestText = 255;
const shortestNumber = 4;
const isoTime =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Reads the filters of a query.
 * @throws HttpProblem 400 that names what is wrong
 */
export function readFilters(query: Readonly<Record<string, unknown>>): Filters {
  const text = (name: FilterName) => textOf(query, name);
  const [fromMs, toMs] = [timeOf(query, 'from'), timeOf(query, 'to')];
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs)
    throw wrong('to', 'must be later than `from`');
  const scope = text('scope');
  if (scope !== undefined && scope !== 'in' && scope !== 'out')
    throw wrong('scope', 'must be `in` or `out`');
  const number = text('number');
  if (number !== undefined && number.replace(/\D/g, '').length < shortestNumber)
    throw wrong('number', 'must be a whole number or its last four digits');
  const texts = filterNames
    .filter((name) => name !== 'from' && name !== 'to' && name !== 'scope')
    .flatMap((name) => {
      const value = text(name);
      return value === undefined ? [] : [[name, value] as const];
    });
  return {
    ...Object.fromEntries(texts),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(scope === undefined ? {} : { inScope: scope === 'in' }),
  };
}

/**
 * Refuses parameters that are not among the known: a slip of the pen must not widen a search.
 * @throws HttpProblem 400 that names them
 */
export function assertKnown(
  query: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new HttpProblem(400, {
    detail: `unknown parameter ${unknown.map((name) => name.slice(0, 64)).join(', ')}`,
    errors: unknown.map((name) => ({ pointer: name.slice(0, 64), detail: 'is no parameter of this call' })),
  });
}

export function wrong(name: string, detail: string): HttpProblem {
  return new HttpProblem(400, { detail: `${name} ${detail}`, errors: [{ pointer: name, detail }] });
}

export function textOf(query: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw wrong(name, 'may be given once only');
  if (value.length > longestText) throw wrong(name, `may have at most ${longestText} characters`);
  if (value.includes('\u0000')) throw wrong(name, 'may not hold a NUL');
  return value;
}

/** An ISO time; a date alone is its midnight in UTC. */
export function timeOf(query: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = textOf(query, name);
  if (value === undefined) return undefined;
  // A plus sign in a query stands for a blank.
  const plain = value.replace(' ', '+');
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(plain) || !plain.includes('T');
  const ms = isoTime.test(plain) ? Date.parse(hasZone ? plain : `${plain}Z`) : Number.NaN;
  if (!Number.isFinite(ms)) throw wrong(name, 'must be an ISO time, e.g. 2026-03-03T10:00:00Z');
  return ms;
}

export function limitOf(query: Readonly<Record<string, unknown>>, most: number): number {
  const value = textOf(query, 'limit') ?? '50';
  const limit = Number(value);
  if (!/^\d+$/.test(value) || limit < 1 || limit > most)
    throw wrong('limit', `must be a whole number from 1 to ${most}`);
  return limit;
}
