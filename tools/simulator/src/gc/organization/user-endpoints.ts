import * as z from 'zod';
import { ok, type Call, type Endpoint, type Reply } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import { numberedPage } from '../http/paging.js';
import { parseJsonBody } from '../http/read-body.js';
import type { GcConfiguration } from './configuration.js';
import type { Organization } from './organization.js';

type User = GcConfiguration['users'][number];

const PAGE_SIZE_MAX = 500;
const SEARCH_PAGE_SIZE_MAX = 100;

const searchSchema = z.object({
  pageSize: z.int().min(1).max(SEARCH_PAGE_SIZE_MAX).default(25),
  pageNumber: z.int().min(1).default(1),
  query: z
    .array(
      z.object({
        type: z.enum(['EXACT', 'TERM', 'TERMS', 'STARTS_WITH', 'CONTAINS']),
        fields: z.array(z.enum(['id', 'name', 'email', 'username'])).min(1),
        value: z.string().optional(),
        values: z.array(z.string()).optional(),
      }),
    )
    .default([]),
});

type Criterion = z.output<typeof searchSchema>['query'][number];

/** Users: list, one, and search by e-mail or name. */
export function userEndpoints(organization: Organization): readonly Endpoint[] {
  const all = () => organization.configuration.users;
  const permission = 'directory:user:view';
  return [
    {
      target: 'gc.users',
      method: 'GET',
      path: '/api/v2/users',
      permission,
      handle: (call) => list(call, all()),
    },
    {
      target: 'gc.user',
      method: 'GET',
      path: '/api/v2/users/:userId',
      permission,
      handle: (call) => one(call, all()),
    },
    {
      target: 'gc.usersearch',
      method: 'POST',
      path: '/api/v2/users/search',
      permission,
      handle: (call) => search(call, all()),
    },
  ];
}

function list(call: Call, users: readonly User[]): Reply {
  const ids = call.query.getAll('id').flatMap((each) => each.split(','));
  const state = call.query.get('state') ?? 'active';
  const wanted = users.filter(
    (user) =>
      (state === 'any' || user.state === state) && (ids.length === 0 || ids.includes(user.id)),
  );
  return ok(numberedPage(call, wanted.map(entityOf), PAGE_SIZE_MAX));
}

function one(call: Call, users: readonly User[]): Reply {
  const user = users.find((each) => each.id === call.params.userId);
  if (!user) throw new GcError(404, 'not.found', 'The requested user was not found.');
  return ok(entityOf(user));
}

function search(call: Call, users: readonly User[]): Reply {
  const { query, pageSize, pageNumber } = parseJsonBody(call, searchSchema);
  const found = users.filter(
    (user) => user.state === 'active' && query.every((each) => meets(user, each)),
  );
  return ok({
    total: found.length,
    pageCount: Math.ceil(found.length / pageSize),
    pageSize,
    pageNumber,
    types: ['users'],
    results: found.slice((pageNumber - 1) * pageSize, pageNumber * pageSize).map(entityOf),
  });
}

function meets(user: User, { type, fields, value, values }: Criterion): boolean {
  const wanted = [...(value === undefined ? [] : [value]), ...(values ?? [])].map((each) =>
    each.toLowerCase(),
  );
  const having = fields.map((field) =>
    (field === 'username' ? user.email : user[field]).toLowerCase(),
  );
  return having.some((text) =>
    wanted.some((each) => {
      if (type === 'STARTS_WITH') return text.startsWith(each);
      return type === 'CONTAINS' ? text.includes(each) : text === each;
    }),
  );
}

function entityOf(user: User): Record<string, unknown> {
  return { ...user, username: user.email, version: 1, selfUri: `/api/v2/users/${user.id}` };
}
