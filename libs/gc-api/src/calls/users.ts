import * as z from 'zod';
import { readableList } from '../paging/readable-entities.js';
import type { CallOptions, GcSession } from '../request/gc-request.js';

const found = z.object({
  results: readableList(
    z.object({
      id: z.string().min(1),
      email: z.string().nullish(),
      state: z.string().nullish(),
    }),
  ).nullish(),
});

export type GcUser = { readonly id: string; readonly email: string };

const emailsPerSearch = 50;

/**
 * The users with these e-mail addresses, by user search (`EXACT` on `email`, 50 a request);
 * addresses are compared without case, unknown and inactive ones are left out.
 */
export async function usersByEmail(
  session: GcSession,
  emails: readonly string[],
  { signal }: CallOptions = {},
): Promise<GcUser[]> {
  const wanted = [...new Set(emails.map((email) => email.trim().toLowerCase()))];
  const users: GcUser[] = [];
  for (let start = 0; start < wanted.length; start += emailsPerSearch) {
    const values = wanted.slice(start, start + emailsPerSearch);
    const answer = await session.call({
      kind: 'configuration',
      method: 'POST',
      template: '/api/v2/users/search',
      body: { pageSize: 100, pageNumber: 1, query: [{ type: 'EXACT', fields: ['email'], values }] },
      shape: found,
      signal,
    });
    for (const { id, email, state } of answer.results ?? []) {
      // Who has left counts as unknown.
      const isActive = (state ?? 'active') === 'active';
      if (isActive && email && values.includes(email.toLowerCase())) users.push({ id, email });
    }
  }
  return users;
}
