import { readBudgets, type GcStanding } from '@exrec/gc-api';
import { route, type RedisClient, type Route } from '@exrec/service-kit';
import * as z from 'zod';
import type { KeySource } from '../keys/index.js';
import { LatestReport } from '../reports/latest-report.js';
import { LatestPass } from '../retention/latest-pass.js';
import type { InjectionAccess } from './access.js';

export type StandingRoutesOptions = {
  readonly keys: Pick<KeySource, 'view'>;
  readonly gc: Pick<GcStanding, 'clients'>;
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly requestsPerMinute: number;
  readonly now: () => number;
  readonly access: InjectionAccess;
};

const time = z.iso.datetime().nullable();
const standingSchema = z.object({
  keys: z.object({
    /** When Genesys Cloud was asked. */
    at: time,
    items: z.array(
      z.object({
        keyId: z.string(),
        createdAt: z.string().nullable(),
        fingerprint: z.string().nullable(),
        form: z.enum(['openpgp', 'rsa']).nullable(),
        expiresAt: time,
        inUse: z.boolean(),
        refused: z.string().nullable(),
      }),
    ),
  }),
  clients: z.array(
    z.object({
      client: z.string(),
      refused: z.string().nullable(),
      requestsPerMinute: z.number(),
      burst: z.number(),
      left: z.number(),
      pausedForMs: z.number(),
    }),
  ),
  retention: z.object({ at: time, lostSoon: z.int(), stopped: z.string().nullable() }).nullable(),
  report: z.object({ at: time, heldOverAnHour: z.int() }).nullable(),
});

/** What an operator of EXRP keeps an eye on: keys, OAuth clients, what is lost soon (docs/design/CONTRACTS.md#14-console). */
export function standingRoutes(options: StandingRoutesOptions): readonly Route[] {
  const { keys, gc, redis, prefix, requestsPerMinute, now, access } = options;
  const latestPass = new LatestPass(redis, prefix);
  const latestReport = new LatestReport(redis, prefix);
  return [
    route({
      method: 'get',
      path: '/api/v1/standing',
      summary: 'Keys with their expiry, OAuth clients with their budgets, what is lost soon',
      access: access.mayRead,
      answers: { 200: { description: 'how things stand', schema: standingSchema } },
      answer: async () => {
        const clients = gc.clients();
        const nowMs = now();
        const [known, budgets, pass, report] = await Promise.all([
          keys.view(),
          readBudgets(
            clients.map(({ key }) => key),
            { redis, keyspace: prefix, requestsPerMinute, nowMs },
          ),
          latestPass.read(),
          latestReport.read(),
        ]);
        return {
          body: {
            keys: { at: iso(known.fetchedAtMs), items: known.items },
            clients: clients.map(({ tail, refused }, index) => ({
              client: `…${tail}`,
              refused,
              ...budgets[index],
            })),
            retention:
              pass === undefined
                ? null
                : { at: iso(pass.atMs), lostSoon: pass.lostSoon, stopped: pass.stopped ?? null },
            report:
              report === undefined
                ? null
                : { at: iso(report.readAtMs), heldOverAnHour: report.heldOverAnHour },
          },
        };
      },
    }),
  ];
}

function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
