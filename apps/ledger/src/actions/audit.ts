import type { Caller } from '@exrec/service-kit';
import type { Db } from '../database/connect.js';

export type AuditRecord = {
  /** What was done, in one word of ours: `requeue`, `erase`, `show-numbers`, … */
  readonly what: string;
  readonly subject?: string | undefined;
  readonly why?: string | undefined;
};

/** Notes who did what and why, before it is done: what cannot be noted is not done. */
export async function record(db: Db, { name, role }: Caller, { what, subject, why }: AuditRecord) {
  await db
    .insertInto('audit')
    .values({ who: name, role, what, subject: subject ?? null, why: why ?? null })
    .execute();
}

export type AuditQuery = {
  readonly limit: number;
  /** Of the last item of the page before. */
  readonly beforeId: number | undefined;
};

/** Newest first. */
export async function readAudit(db: Db, { limit, beforeId }: AuditQuery) {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .$if(beforeId !== undefined, (query) => query.where('id', '<', beforeId ?? 0))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(({ at, who, role, what, subject, why }) => ({
      at: at.toISOString(),
      who,
      role,
      what,
      subject,
      why,
    })),
    nextCursor: rows.length > limit && last !== undefined ? String(last.id) : null,
  };
}
