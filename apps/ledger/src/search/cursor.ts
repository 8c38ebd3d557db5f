import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { HttpProblem } from '@exrec/service-kit';

/** The last row of a page: the next page goes on behind it. */
export type Position = { readonly startMs: number; readonly id: string };

/**
 * Cursors are signed, together with the search that they belong to: one that was tampered with, or given to another
 * search, is refused instead of leaving rows out.
 */
export class Cursors {
  readonly #key: Buffer;

  /** @param key the same on all ledgers, so that any of them can go on */
  constructor(key: string) {
    this.#key = createHash('sha256').update(`cursors of ${key}`).digest();
  }

  write({ startMs, id }: Position, search: unknown): string {
    const text = Buffer.from(`${startMs} ${id}`).toString('base64url');
    return `${text}.${this.#sign(text, search)}`;
  }

  /** @throws HttpProblem 400 */
  read(cursor: string | undefined, search: unknown): Position | undefined {
    if (cursor === undefined) return undefined;
    const [text = '', signature = ''] = cursor.split('.');
    const expected = Buffer.from(this.#sign(text, search));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new HttpProblem(400, {
        detail: 'the cursor is none that this search gave out',
        errors: [{ pointer: '/cursor', detail: 'is none that this search gave out' }],
      });
    const [startMs = '', ...id] = Buffer.from(text, 'base64url').toString().split(' ');
    return { startMs: Number(startMs), id: id.join(' ') };
  }

  #sign(text: string, search: unknown): string {
    const hmac = createHmac('sha256', this.#key).update(`${text} ${JSON.stringify(search)}`);
    return hmac.digest('base64url').slice(0, 22);
  }
}
