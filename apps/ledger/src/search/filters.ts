import { pageQuery } from '@exrec/service-kit';
import * as z from 'zod';

const longestText = 255;
const fewestNumberDigits = 4;

const text = z
  .string()
  .max(longestText, `may have at most ${longestText} characters`)
  .refine((value) => !value.includes('\u0000'), 'may not hold a NUL')
  .transform((value) => value.trim());

const isoTime =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** An ISO time, as epoch ms; without a zone it is UTC, a date alone its midnight. */
export const timeParameter = text.transform((value, context) => {
  // A plus sign in a query stands for a blank.
  const plain = value.replace(' ', '+');
  const hasZone = !plain.includes('T') || /(?:Z|[+-]\d{2}:?\d{2})$/.test(plain);
  const ms = isoTime.test(plain) ? Date.parse(hasZone ? plain : `${plain}Z`) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  context.addIssue({ code: 'custom', message: 'must be an ISO time, e.g. 2026-03-03T10:00:00Z' });
  return z.NEVER;
});

/** @throws nothing; marks `to` when it is not later than `from` */
export function forwards(
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  context: z.RefinementCtx,
): void {
  if (from !== undefined && to !== undefined && from >= to)
    context.addIssue({ code: 'custom', path: ['to'], message: 'must be later than `from`' });
}

const filterShape = {
  q: text.optional().describe('any id, file name, agent, DN, queue or number'),
  from: timeParameter.optional().describe('start of the recording, included'),
  to: timeParameter.optional().describe('start of the recording, not included'),
  state: text.optional(),
  cause: text.optional(),
  agent: text.optional(),
  dn: text.optional(),
  queue: text.optional(),
  number: text
    .refine(
      (value) => value.replace(/\D/g, '').length >= fewestNumberDigits,
      'must be a whole number or its last four digits',
    )
    .optional(),
  call: text.optional().describe('any callUUID of the interaction'),
  language: text.optional(),
  program: text.optional().describe('by id or name'),
  sta: text.optional().describe('`requested`, `not-requested` or a reason'),
  scope: z.enum(['in', 'out']).optional(),
};

/** Filters of both lists (docs/design/CONTRACTS.md#11-ledger (4), docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (4)); times are epoch ms, `from` included, `to` not. */
export const filtersSchema = z.strictObject(filterShape).superRefine(forwards);
export type Filters = z.infer<typeof filtersSchema>;

/** The query of a list: filters, a page of them or all as CSV. */
export const listQuery = pageQuery({ default: 50, max: 500 })
  .extend({ ...filterShape, format: z.enum(['json', 'csv']).default('json') })
  .superRefine(forwards);
export type ListQuery = z.infer<typeof listQuery>;

/** The filters alone, in one order: they belong to a cursor. */
export function filtersOf(query: ListQuery): Filters {
  return Object.fromEntries(
    Object.keys(filterShape).flatMap((name) => {
      const value = query[name as keyof Filters];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}
