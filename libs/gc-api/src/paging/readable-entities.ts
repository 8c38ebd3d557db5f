import * as z from 'zod';
import { unreadable } from '../outcome/read-answer.js';
import type { LeftOut } from '../request/gc-request.js';

/** A list inside an entity: what cannot be read of it is left out. */
export function readableList<T>(entity: z.ZodType<T>) {
  return z
    .array(z.unknown())
    .transform((list) => list.flatMap((one) => entity.safeParse(one).data ?? []));
}

/** Keeps the entities of a listing that can be read; one odd among good ones is no reason to do without all. */
export class ReadableEntities<T> {
  readonly found: T[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly #entity: z.ZodType<T>;

  constructor(entity: z.ZodType<T>) {
    this.#entity = entity;
  }

  add(page: readonly unknown[]): void {
    for (const one of page) {
      const parsed = this.#entity.safeParse(one);
      if (parsed.success) this.found.push(parsed.data);
      else this.leftOut.push({ entityId: idOf(one), fields: fieldsOf(parsed.error) });
    }
  }

  /**
   * To be called at the end: a listing in which nothing can be read is not a listing of nothing.
   * @throws Failure `gc-unavailable` (later)
   */
  assertReadable(template: string): void {
    const [first] = this.leftOut;
    if (this.found.length === 0 && first !== undefined)
      throw unreadable(`GET ${template}`, `entities.0.${first.fields}`);
  }
}

function idOf(entity: unknown): string | null {
  const id = typeof entity === 'object' && entity !== null && 'id' in entity ? entity.id : null;
  return typeof id === 'string' ? id.slice(0, 64) : null;
}

function fieldsOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path }) => path.join('.'))
    .join(', ');
}
