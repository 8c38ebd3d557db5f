import { sql } from 'kysely';
import type { ByTerms } from './by-terms.js';
import {
  idAlternatives,
  isOneOf,
  recordingAlternatives,
  startsWith,
  timeConditions,
  type Alternatives,
  type Condition,
  type SearchContext,
} from './conditions.js';
import type { Filters } from './filters.js';
import type { Table } from './newest.js';
import { hasAll, hasAny, namedTerms, wantedTerms } from './term-conditions.js';

/** How things are found: by conditions with an index of their own, by terms, or by either. */
export type Ways = {
  readonly direct: Alternatives;
  /** What the index of terms answers; undefined: it is not asked. */
  readonly byTerms: ByTerms | undefined;
};

const nothing: Ways = { direct: [], byTerms: undefined };

export function waysOf(table: Table, filters: Filters, context: SearchContext): Ways {
  const wanted = wantedTerms(filters, context.key);
  // A number that is none: nobody has it.
  if (wanted === undefined) return nothing;
  return table === 'recordings'
    ? waysOfRecordings(filters, wanted, context)
    : waysOfInteractions(filters, wanted, context);
}

/**
 * One filter is answered in order by the index of its column. Several that have little or nothing in common would have
 * PostgreSQL read all that the first one has.
 */
function waysOfRecordings(
  filters: Filters,
  wanted: readonly string[],
  context: SearchContext,
): Ways {
  const { call, q } = filters;
  const others = wanted.length + (q === undefined ? 0 : 1);
  const ofRow = recordingAlternatives(filters, context);
  if (call !== undefined || others < 2) return { direct: ofRow, byTerms: undefined };
  const all = hasAll('recordings', wanted);
  if (q === undefined) return { direct: [], byTerms: { inIndex: [all], ofRow } };
  const both = [...timeConditions(filters), all];
  return {
    direct: idAlternatives(q, context.ofQ).map((alternative) => [...both, ...alternative]),
    byTerms: { inIndex: [hasAny('recordings', namedTerms(q, context.key)), all], ofRow },
  };
}

/** Not a part of another interaction. */
const isOwn = sql`state <> 'joined'`;

function waysOfInteractions(
  filters: Filters,
  wanted: readonly string[],
  { ofCall, ofQ, key }: SearchContext,
): Ways {
  const { call, q } = filters;
  const byAll = wanted.length === 0 ? [] : [hasAll('interactions', wanted)];
  if (q === undefined && call === undefined && wanted.length > 0)
    return { direct: [], byTerms: byStored(byAll) };
  const inCall = call === undefined ? [] : [isOneOf('interaction_id', ofCall)];
  const both = [isOwn, ...timeConditions(filters), ...byAll, ...inCall];
  if (q === undefined) return { direct: [both], byTerms: undefined };
  const ids = [
    [...both, isOneOf('interaction_id', ofQ)],
    [...both, startsWith('interaction_id', q)],
  ];
  const named = hasAny('interactions', namedTerms(q, key));
  return call === undefined
    ? { direct: ids, byTerms: byStored([named, ...byAll]) }
    : { direct: [...ids, [...both, named]], byTerms: undefined };
}

/** Interactions have their terms in a column. */
function byStored(conditions: readonly Condition[]): ByTerms {
  return { inIndex: conditions, ofRow: [conditions] };
}
