import type { GcDirectory } from '@exrec/excp';
import * as z from 'zod';
import type { GcClient } from '../check/gc-client.js';
import { CliError } from '../connection/cli-error.js';
import { cast } from './scenarios.js';

const entitiesSchema = z.looseObject({
  entities: z.array(z.looseObject({ id: z.string(), name: z.string().optional() })).default([]),
});

export type Organization = {
  readonly directory: GcDirectory;
  /** The names of whom it borrows, for a person. */
  readonly users: readonly string[];
  readonly queues: readonly string[];
};

/** Two users, two queues and the source of an organization: the calls of the rehearsal are told as theirs. */
export async function borrowedFrom(client: GcClient, source?: string): Promise<Organization> {
  const users = await listOf(client, '/api/v2/users?pageSize=2', 'users');
  const queues = await listOf(client, '/api/v2/routing/queues?pageSize=2', 'queues');
  const sources = await listOf(client, '/api/v2/presence/sources', 'presence sources');
  const chosen = sources.find(
    ({ id, name }) => source === undefined || id === source || name === source,
  );
  if (chosen === undefined)
    throw new CliError(`there is no presence source ${source ?? ''}`, { hint: 'EXCP_GC_SOURCE' });
  const at = (list: typeof users, index: number) => (list[index] ?? list[0])?.id ?? null;
  const { A, B } = cast.agents;
  const { Q, S } = cast.queues;
  const ids = new Map([
    ...([
      [A, at(users, 0)],
      [B, at(users, 1)],
    ] as const),
    ...([
      [Q, at(queues, 0)],
      [S, at(queues, 1)],
    ] as const),
  ]);
  return {
    directory: {
      sourceId: chosen.id,
      userIdOf: (agentId) => ids.get(agentId as typeof A) ?? null,
      queueIdOf: (queue) => ids.get(queue as typeof Q) ?? null,
    },
    users: users.map(({ id, name }) => name ?? id),
    queues: queues.map(({ id, name }) => name ?? id),
  };
}

async function listOf(client: GcClient, path: string, what: string) {
  const { status, body } = await client.call('GET', path);
  const reading = entitiesSchema.safeParse(body);
  if (status !== 200 || !reading.success)
    throw new CliError(`Genesys Cloud does not show its ${what} (${status})`, {
      hint: '`exrec check` names the permission that is missing',
    });
  if (reading.data.entities.length === 0)
    throw new CliError(`the organization has no ${what}`, {
      hint: 'make one, or start EXCP once: it makes its source',
    });
  return reading.data.entities;
}
