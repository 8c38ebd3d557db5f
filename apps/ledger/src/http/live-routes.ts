import {
  readInstances,
  route,
  unavailable,
  type Access,
  type RedisClient,
  type Route,
} from '@exrec/service-kit';
import * as z from 'zod';
import type { Changes } from '../changes/changes.js';

export type LiveRoutesOptions = {
  readonly changes: Changes;
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly access: Access;
  readonly now: () => number;
};

/** So many pages may be open at once on one ledger. */
const mostListeners = 500;
/** Longer silence makes proxies close a connection; the instances are worth a look then. */
const heartbeatMs = 25_000;

/** What moves: the instances of the fleet, and that something changed (docs/design/CONSOLE.md "Overview"). */
export function liveRoutes({
  changes,
  redis,
  prefix,
  access,
  now,
}: LiveRoutesOptions): readonly Route[] {
  const mayRead = access.atLeast('viewer');
  let listeners = 0;
  return [
    route({
      method: 'get',
      path: '/api/v1/instances',
      summary: 'Every instance of the fleet: version, readiness, when it was last heard of',
      access: mayRead,
      answers: {
        200: {
          description: 'all of them',
          schema: z.object({
            items: z.array(
              z.object({
                service: z.string(),
                id: z.string(),
                version: z.string(),
                status: z.string(),
                seenAt: z.iso.datetime(),
                findings: z.array(z.object({ check: z.string(), reason: z.string() })),
              }),
            ),
            nextCursor: z.null(),
          }),
        },
      },
      answer: async () => {
        const instances = await readInstances(redis, prefix, now());
        const items = instances.map(({ seenAtMs, ...rest }) => ({
          ...rest,
          seenAt: new Date(seenAtMs).toISOString(),
        }));
        return { body: { items, nextCursor: null } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/changes',
      summary: 'Server-sent events that say what changed, and nothing of it',
      access: mayRead,
      answers: {
        200: {
          description: 'events named `recordings`, `interactions`, `instances`',
          type: 'text/event-stream',
        },
      },
      answer: ({ response }) => {
        if (listeners >= mostListeners) throw unavailable('too many pages listen already', 60);
        listeners += 1;
        response.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        });
        response.write('retry: 5000\n\n');
        const stop = changes.listen(
          (subject) => response.write(`event: ${subject}\ndata: \n\n`),
          () => response.end(),
        );
        const heartbeat = setInterval(
          () => response.write('event: instances\ndata: \n\n'),
          heartbeatMs,
        );
        response.once('close', () => {
          listeners -= 1;
          clearInterval(heartbeat);
          stop();
        });
        return undefined;
      },
    }),
  ];
}
