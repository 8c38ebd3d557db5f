import { sql, type RawBuilder } from 'kysely';
import { numberSearch } from '../rows/phone-numbers.js';
import type { Filters } from './filters.js';

export type Condition = RawBuilder<unknown>;

/**
 * A search as alternatives, each of them a list of conditions that hold together. What matches any of several columns
 * is one alternative for each, so that each is answered by an index of its own.
 */
export type Alternatives = readonly (readonly Condition[])[];

const equals = (column: string, value: unknown): Condition => sql`${sql.ref(column)} = ${value}`;

/** Ids that `q` may be; a part from the beginning is enough when it is this long. */
const prefixColumns = ['recording_id', 'interaction_id', 'call_uuid', 'media_id'];
const shortestPrefix = 6;

/** What a search needs to know besides its filters. */
export type SearchContext = {
  /** `LEDGER_NUMBER_KEY` */
  readonly key: string;
  /** The interactions that `call` belongs to, and those that `q` does when it is a call. */
  readonly ofCall: readonly string[];
  readonly ofQ: readonly string[];
};

export function recordingAlternatives(
  filters: Filters,
  { key, ofCall, ofQ }: SearchContext,
): Alternatives {
  const both: Condition[] = [...timeConditions(filters)];
  const named = { state: 'state', cause: 'cause', agent: 'agent', dn: 'dn', queue: 'queue' };
  for (const [name, column] of Object.entries({ ...named, language: 'language', sta: 'sta' })) {
    const value = filters[name as keyof typeof named];
    if (value !== undefined) both.push(staCondition(column, value));
  }
  if (filters.scope !== undefined) both.push(equals('in_scope', filters.scope === 'in'));
  if (filters.call !== undefined) both.push(isOneOf('interaction_id', ofCall));
  const choices: Alternatives[] = [];
  if (filters.program !== undefined)
    choices.push([
      [equals('program_id', filters.program)],
      [equals('program_name', filters.program)],
    ]);
  if (filters.number !== undefined) choices.push(numberAlternatives(filters.number, key));
  if (filters.q !== undefined) choices.push(anyRecording(filters.q, key, ofQ));
  return combined([both], choices);
}

function staCondition(column: string, value: string): Condition {
  return column === 'sta' && value === 'not-requested'
    ? sql`sta <> 'requested'`
    : equals(column, value);
}

export function timeConditions({ from, to }: Filters): Condition[] {
  return [
    ...(from === undefined ? [] : [sql`start_time >= ${new Date(from)}`]),
    ...(to === undefined ? [] : [sql`start_time < ${new Date(to)}`]),
  ];
}

export function isOneOf(column: string, values: readonly string[]): Condition {
  return values.length === 1
    ? equals(column, values[0])
    : sql`${sql.ref(column)} = ANY(${[...values]}::text[])`;
}

export function numberAlternatives(text: string, key: string): Alternatives {
  const search = numberSearch(text, key);
  if (search === undefined) return [];
  const kept =
    'digest' in search ? (['digest', search.digest] as const) : (['last4', search.last4] as const);
  return [[equals(`ani_${kept[0]}`, kept[1])], [equals(`dnis_${kept[0]}`, kept[1])]];
}

function anyRecording(q: string, key: string, interactions: readonly string[]): Alternatives {
  return [
    ...['agent', 'dn', 'queue'].map((column) => [equals(column, q)]),
    ...idAlternatives(q, interactions),
    ...(isNumber(q) ? numberAlternatives(q, key) : []),
  ];
}

/** The recordings with an id that `q` is or begins, and those of the interactions that `q` belongs to. */
export function idAlternatives(q: string, interactions: readonly string[]): Alternatives {
  const others = interactions.filter((id) => id !== q);
  return [
    [equals('conversation_id', q)],
    ...prefixColumns.map((column) => [startsWith(column, q)]),
    ...(others.length === 0 ? [] : [[isOneOf('interaction_id', others)]]),
  ];
}

/** Columns are in the order of their bytes: what begins with a text lies between it and its successor. */
export function startsWith(column: string, text: string): Condition {
  if (text.length < shortestPrefix) return equals(column, text);
  return sql`${sql.ref(column)} >= ${text} AND ${sql.ref(column)} < ${`${text}\u{10ffff}`}`;
}

/** Written as a number is: names of agents and queues are not looked for among numbers. */
export function isNumber(text: string): boolean {
  return /^[+(]?[\d\s()./-]{4,}$/.test(text);
}

export function combined(start: Alternatives, choices: readonly Alternatives[]): Alternatives {
  return choices.reduce<Alternatives>(
    (so, choice) => so.flatMap((left) => choice.map((right) => [...left, ...right])),
    start,
  );
}
