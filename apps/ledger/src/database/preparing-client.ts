import { createHash } from 'node:crypto';
import pg from 'pg';

/** Shapes of questions that are prepared; a plan over all months takes a megabyte or so in each connection. */
const mostPrepared = 60;

/**
 * A connection on which questions over all months are planned once, not each time: with a partition for each month and
 * an index for each column planning takes longer than answering. Shapes beyond the first are planned as they come.
 */
export class PreparingClient extends pg.Client {
  readonly #prepared = new Map<string, string>();

  constructor(config?: pg.ClientConfig) {
    super(config);
    // Whoever is using a connection when it breaks is told by its question; without anybody listening here, the pool
    // listens to idle ones alone, the whole process would end.
    this.on('error', () => undefined);
  }

  // As Kysely calls it: the text of the question and its values.
  override query(...args: unknown[]): never {
    const [text, values, ...rest] = args;
    const name = typeof text === 'string' && Array.isArray(values) ? this.#nameOf(text) : undefined;
    const given = name === undefined ? args : [{ name, text, values }, ...rest];
    // One of its overloads, whichever the caller has chosen.
    const query = super.query.bind(this) as (...given: unknown[]) => unknown;
    return query(...given) as never;
  }

  #nameOf(text: string): string | undefined {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    if (!isQuestion(text) || this.#prepared.size >= mostPrepared) return undefined;
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 32);
    this.#prepared.set(text, name);
    return name;
  }
}

/**
 * How rare a term is decides about the plan, so what asks the index of terms is planned each time, for a month or a few;
 * and so is what is asked about interactions, which have few indexes.
 */
function isQuestion(text: string): boolean {
  const isOfRecordings = /\brecordings\b/.test(text) && !/\binteractions\b/.test(text);
  return isOfRecordings && /^\W*select\b/i.test(text);
}
