import { sql } from 'kysely';
import type { Db } from '../database/connect.js';
import {
  combined,
  isNumber,
  isOneOf,
  numberAlternatives,
  recordingAlternatives,
  startsWith,
  timeConditions,
  type Alternatives,
  type Condition,
  type SearchContext,
} from './conditions.js';
import type { Cursors, Position } from './cursor.js';
import type { Filters } from './filters.js';
import { newest, type RowOf, type Table } from './newest.js';

export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

export type SearchOptions = {
  readonly db: Db;
  /** `LEDGER_NUMBER_KEY` */
  readonly numberKey: string;
  readonly cursors: Cursors;
};

/** How many interactions a call may belong to before it is no answer any more. */
const mostInteractions = 20;
const streamStep = 500;

/** Finds recordings and interactions, newest first. Errors of PostgreSQL reach the caller as they are. */
export class Search {
  readonly #options: SearchOptions;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  /** @throws HttpProblem 400 for a cursor that is none of this search */
  async page<T extends Table>(
    table: T,
    { filters, limit, cursor }: { filters: Filters; limit: number; cursor: string | undefined },
  ): Promise<Page<RowOf<T>>> {
    const { db, cursors } = this.#options;
    const search = [table, filters];
    const after = cursors.read(cursor, search);
    const alternatives = await this.#alternatives(table, filters);
    const rows = await newest(db, { table, alternatives, limit: limit + 1, after });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const isMore = rows.length > limit && last !== undefined;
    return { items, nextCursor: isMore ? cursors.write(positionOf(last), search) : null };
  }

  /** All of them, read in pages: the memory does not grow with their number. */
  async *all<T extends Table>(table: T, filters: Filters): AsyncGenerator<RowOf<T>> {
    const alternatives = await this.#alternatives(table, filters);
    let after: Position | undefined;
    for (;;) {
      const rows = await newest(this.#options.db, {
        table,
        alternatives,
        limit: streamStep,
        after,
      });
      yield* rows;
      const last = rows.at(-1);
      if (rows.length < streamStep || last === undefined) return;
      after = positionOf(last);
    }
  }

  async #alternatives(table: Table, filters: Filters): Promise<Alternatives> {
    const [ofCall, ofQ] = await Promise.all([
      this.#interactionsOf(filters.call),
      table === 'recordings' ? this.#interactionsOf(filters.q) : this.#interactionsNamed(filters.q),
    ]);
    const context = { key: this.#options.numberKey, ofCall, ofQ };
    return table === 'recordings'
      ? recordingAlternatives(filters, context)
      : this.#interactionAlternatives(filters, {
          ...context,
          isQueue: await this.#isQueue(filters.q),
        });
  }

  /** The interactions that a call belongs to: itself, when it is a root, and those that name it. */
  async #interactionsOf(call: string | undefined): Promise<string[]> {
    if (call === undefined) return [];
    const { rows } = await sql<{ id: string }>`
      (SELECT interaction_id AS id FROM interactions WHERE call_uuids @> ARRAY[${call}]::text[] LIMIT ${mostInteractions})
      UNION
      (SELECT interaction_id FROM recordings WHERE call_uuid = ${call} AND interaction_id IS NOT NULL LIMIT ${mostInteractions})`.execute(
      this.#options.db,
    );
    return [...new Set([call, ...rows.map(({ id }) => id)])];
  }

  /** Those that a call belongs to, or a recording by its id or file. */
  async #interactionsNamed(name: string | undefined): Promise<string[]> {
    if (name === undefined) return [];
    const [ofCall, { rows }] = await Promise.all([
      this.#interactionsOf(name),
      sql<{ id: string }>`
        (SELECT interaction_id AS id FROM recordings WHERE recording_id = ${name} AND interaction_id IS NOT NULL)
        UNION
        (SELECT interaction_id FROM recordings WHERE media_id = ${name} AND interaction_id IS NOT NULL LIMIT ${mostInteractions})`.execute(
        this.#options.db,
      ),
    ]);
    return [...new Set([...ofCall, ...rows.map(({ id }) => id)])];
  }

  /** There are few queues: PostgreSQL takes any name for a frequent one, and looks for it among all interactions. */
  async #isQueue(name: string | undefined): Promise<boolean> {
    if (name === undefined) return false;
    const { rows } =
      await sql`SELECT FROM recordings WHERE queue = ${name} ORDER BY start_time DESC LIMIT 1`.execute(
        this.#options.db,
      );
    return rows.length > 0;
  }

  #interactionAlternatives(
    filters: Filters,
    { key, ofCall, ofQ, isQueue }: SearchContext & { readonly isQueue: boolean },
  ): Alternatives {
    const { agent, dn, queue, call, number, q, from } = filters;
    const both: Condition[] = [...timeConditions(filters)];
    const lists = { agents: agent, dns: dn, queues: queue };
    for (const [column, value] of Object.entries(lists))
      if (value !== undefined) both.push(holds(column, value));
    if (call !== undefined) both.push(isOneOf('interaction_id', ofCall));
    const ofRecordings = recordingFilters(filters);
    if (Object.keys(ofRecordings).length > 0) {
      // None of its recordings begins before the interaction does.
      const since = from === undefined ? {} : { from };
      const alternatives = recordingAlternatives(
        { ...ofRecordings, ...since },
        { key, ofCall: [], ofQ: [] },
      );
      const some = alternatives.map((list) => sql`(${sql.join(list, sql` AND `)})`);
      both.push(
        sql`interaction_id IN (SELECT interaction_id FROM recordings WHERE ${sql.join(some, sql` OR `)})`,
      );
    }
    const choices: Alternatives[] = [];
    if (number !== undefined) choices.push(numberAlternatives(number, key));
    if (q !== undefined)
      choices.push([
        [isOneOf('interaction_id', ofQ)],
        [startsWith('interaction_id', q)],
        [sql`conversation_id = ${q}`],
        [holds('agents', q)],
        [holds('dns', q)],
        ...(isQueue ? [[holds('queues', q)]] : []),
        ...(isNumber(q) ? numberAlternatives(q, key) : []),
      ]);
    return combined([both], choices);
  }
}

function holds(column: string, value: string): Condition {
  return sql`${sql.ref(column)} @> ARRAY[${value}]::text[]`;
}

/** What only recordings have; an interaction matches when one of its recordings does. */
function recordingFilters(filters: Filters): Filters {
  const { state, cause, language, program, sta, scope } = filters;
  return Object.fromEntries(
    Object.entries({ state, cause, language, program, sta, scope }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

function positionOf(row: RowOf<Table>): Position {
  const id = 'recording_id' in row ? row.recording_id : row.interaction_id;
  return { startMs: new Date(row.start_time).getTime(), id };
}
