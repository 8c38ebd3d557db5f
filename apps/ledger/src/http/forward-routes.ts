import {
  callerOf,
  HttpProblem,
  requestIdOf,
  route,
  type Access,
  type Role,
  type Route,
  type RouteInput,
} from '@exrec/service-kit';
import * as z from 'zod';
import { record } from '../actions/audit.js';
import type { ForwardedRequest, Neighbour, Neighbours } from '../actions/neighbours.js';
import type { Db } from '../database/connect.js';

export type ForwardRoutesOptions = {
  readonly db: Db;
  readonly access: Access;
  readonly neighbours: Neighbours;
};

type Forwarding = {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly to: Neighbour;
  readonly role: Role;
  /** For the audit, when it changes something. */
  readonly what?: string;
};

const anything = z.looseObject({});

/** What EXCP and EXRP answer to the same call (docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (3)). */
const forwarded: readonly Forwarding[] = [
  {
    method: 'post',
    path: '/api/v1/reconciliations',
    to: 'EXCP',
    role: 'operator',
    what: 'reconcile',
  },
  { method: 'get', path: '/api/v1/reconciliations/latest', to: 'EXCP', role: 'viewer' },
  { method: 'get', path: '/api/v1/orphans', to: 'EXCP', role: 'viewer' },
  {
    method: 'post',
    path: '/api/v1/orphans/attach',
    to: 'EXCP',
    role: 'admin',
    what: 'attach-orphans',
  },
  { method: 'get', path: '/api/v1/configuration', to: 'EXCP', role: 'viewer' },
  { method: 'post', path: '/api/v1/sta/preview', to: 'EXCP', role: 'viewer' },
  { method: 'post', path: '/api/v1/sta/queues', to: 'EXCP', role: 'viewer' },
  { method: 'get', path: '/api/v1/standing', to: 'EXRP', role: 'viewer' },
];

export function forwardRoutes(options: ForwardRoutesOptions): readonly Route[] {
  return [
    ...forwarded.map((one) => forwarding(options, one)),
    route({
      method: 'get',
      path: '/api/v1/interactions/:callUUID/log',
      summary: 'What EXCP still has of the interaction: parties, queues, events, the conversation',
      access: options.access.atLeast('viewer'),
      answers: {
        200: { description: "EXCP's answer; null: it has it no more", schema: anything.nullable() },
      },
      answer: async (input) => {
        const answer = await ask(options, input, 'EXCP', {
          method: 'GET',
          path: `/api/v1/interactions/${encodeURIComponent(input.param('callUUID'))}`,
        });
        return answer.status === 404 ? { body: null } : answer;
      },
    }),
  ];
}

function forwarding(
  options: ForwardRoutesOptions,
  { method, path, to, role, what }: Forwarding,
): Route {
  const common = {
    path,
    summary: `${to}'s answer to the same call`,
    access: options.access.atLeast(role),
    answers: { 200: { description: `${to}'s answer`, schema: anything } },
  };
  if (method === 'get')
    return route({
      ...common,
      method,
      query: z.record(z.string(), z.string()),
      answer: (input) => {
        const query = new URLSearchParams(input.query).toString();
        return ask(options, input, to, {
          method: 'GET',
          path: query === '' ? path : `${path}?${query}`,
        });
      },
    });
  return route({
    ...common,
    method,
    body: { schema: anything, limit: '1mb' },
    answer: async (input) => {
      if (what !== undefined) await record(options.db, callerOf(input.response), { what });
      return ask(options, input, to, { method: 'POST', path, body: input.body });
    },
  });
}

/** @throws HttpProblem 403 when the neighbour does not know the caller, who is known here: signing in again is no help */
async function ask(
  { neighbours }: ForwardRoutesOptions,
  { request, response }: Pick<RouteInput<never, never>, 'request' | 'response'>,
  to: Neighbour,
  what: Pick<ForwardedRequest, 'method' | 'path' | 'body'>,
) {
  const { authorization } = request.headers;
  const answer = await neighbours.ask(to, {
    ...what,
    authorization,
    requestId: requestIdOf(response),
  });
  if (answer.status === 401)
    throw new HttpProblem(403, { detail: `${to} does not know this token` });
  return answer;
}
