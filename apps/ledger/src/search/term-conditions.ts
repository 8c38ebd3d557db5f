import { sql } from 'kysely';
import { recordingTerms } from '../database/recording-terms.js';
import { terms } from '../rows/found-by.js';
import { numberSearch } from '../rows/phone-numbers.js';
import { isNumber, type Condition } from './conditions.js';
import type { Filters } from './filters.js';
import type { Table } from './newest.js';

const termsOf = { interactions: sql.raw('found_by'), recordings: sql.raw(recordingTerms) } as const;

export function hasAll(table: Table, wanted: readonly string[]): Condition {
  return sql`${termsOf[table]} @> ${[...wanted]}::text[]`;
}

export function hasAny(table: Table, wanted: readonly string[]): Condition {
  return sql`${termsOf[table]} && ${[...wanted]}::text[]`;
}

/** The terms that something needs so that these filters find it; undefined: nothing can have all of that. */
export function wantedTerms(filters: Filters, key: string): string[] | undefined {
  const { number, ...others } = filters;
  const termOf: Readonly<Record<string, ((value: string) => string) | undefined>> = simpleTerms;
  const wanted = Object.entries(others).flatMap(([name, value]) => {
    const term = termOf[name]?.(String(value));
    return term === undefined ? [] : [term];
  });
  if (number === undefined) return wanted;
  const term = numberTerm(number, key);
  return term === undefined ? undefined : [...wanted, term];
}

/** Filters whose name is that of their term. */
const simpleTerms = {
  agent: terms.agent,
  dn: terms.dn,
  queue: terms.queue,
  state: terms.state,
  cause: terms.cause,
  language: terms.language,
  program: terms.program,
  sta: terms.sta,
  scope: (value: string) => terms.scope(value === 'in' ? 'in' : 'out'),
} as const;

/** The terms of what `q` may be, besides ids. */
export function namedTerms(q: string, key: string): string[] {
  const number = isNumber(q) ? numberTerm(q, key) : undefined;
  const named = [terms.agent(q), terms.dn(q), terms.queue(q), terms.conversation(q)];
  return [...named, ...(number === undefined ? [] : [number])];
}

function numberTerm(text: string, key: string): string | undefined {
  const search = numberSearch(text, key);
  if (search === undefined) return undefined;
  return 'digest' in search ? terms.number(search.digest) : terms.last4(search.last4);
}
