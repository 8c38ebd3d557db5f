import { sql } from 'kysely';
import type { Db } from '../database/connect.js';
import { newestByTerms } from './by-terms.js';
import type { Cursors, Position } from './cursor.js';
import type { Filters } from './filters.js';
import { newestKeys, newestOf, rowsOf, type Key, type RowOf, type Table } from './newest.js';
import { waysOf } from './ways.js';

type Finder = (page: {
  readonly limit: number;
  readonly after: Position | undefined;
}) => Promise<readonly Key[]>;

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
    const find = await this.#finder(table, filters);
    const keys = await find({ limit: limit + 1, after });
    const shown = keys.slice(0, limit);
    const items = await rowsOf(db, table, shown);
    const last = shown.at(-1);
    // A row may have gone since its key was found: the keys say whether there are more.
    const isMore = keys.length > limit && last !== undefined;
    return { items, nextCursor: isMore ? cursors.write(positionOf(last), search) : null };
  }

  /** All of them, read in pages: the memory does not grow with their number. */
  async *all<T extends Table>(table: T, filters: Filters): AsyncGenerator<RowOf<T>> {
    const { db } = this.#options;
    const find = await this.#finder(table, filters);
    let after: Position | undefined;
    for (;;) {
      const keys = await find({ limit: streamStep, after });
      yield* await rowsOf(db, table, keys);
      const last = keys.at(-1);
      if (keys.length < streamStep || last === undefined) return;
      after = positionOf(last);
    }
  }

  /** The keys of the newest rows; the search is made up once and may be asked page by page. */
  async #finder(table: Table, filters: Filters): Promise<Finder> {
    const { db, numberKey } = this.#options;
    const [ofCall, ofQ] = await Promise.all([
      this.#interactionsOf(filters.call),
      table === 'recordings' ? this.#interactionsOf(filters.q) : this.#interactionsNamed(filters.q),
    ]);
    const context = { key: numberKey, ofCall, ofQ };
    const { direct, byTerms } = waysOf(table, filters, context);
    const times = { fromMs: filters.from, toMs: filters.to };
    return async (page) => {
      const lists = await Promise.all([
        newestKeys(db, { table, alternatives: direct, ...page }),
        byTerms === undefined ? [] : newestByTerms(db, { table, ...byTerms, ...times, ...page }),
      ]);
      return newestOf(lists, page.limit);
    };
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
}

function positionOf({ start_time, id }: Key): Position {
  return { startMs: start_time.getTime(), id };
}
