import type { StaSnapshot } from '@exrec/sta-resolver';
import * as z from 'zod';
import { missingPart, type PullReport } from './pull-report.js';

const mappedProgram = z.object({
  programId: z.string(),
  published: z.boolean(),
  queues: z.int(),
});

/** GC's STA configuration as `GET /api/v1/configuration` shows it. Everything of it is null before the first pull. */
export const configurationSchema = z.object({
  takenAt: z.iso.datetime().nullable(),
  ageSeconds: z.int().nullable(),
  transcription: z
    .string()
    .nullable()
    .describe("GC's word: `Disabled`, `EnabledGlobally`, `EnabledQueueFlow`"),
  queues: z.object({ total: z.int(), withTranscription: z.int() }).nullable(),
  defaultProgram: z
    .object({ id: z.string(), published: z.boolean(), name: z.string().exactOptional() })
    .nullable(),
  mappings: z.array(mappedProgram).nullable().describe('programs that have queues'),
  languages: z
    .object({
      source: z
        .enum(['genesys-cloud', 'documented-list'])
        .describe('`documented-list`: GC names none at the moment'),
      codes: z.array(z.string()),
    })
    .nullable(),
  unknownLogins: z
    .array(z.string())
    .describe('agents that were met whose login is an e-mail of no user in GC; at most 500'),
  lastPull: z
    .object({
      at: z.iso.datetime(),
      ok: z.boolean().describe('whether it replaced the configuration'),
      cause: z.string().nullable(),
      detail: z.string().nullable(),
      missing: z.array(missingPart).describe('what could not be read and was made up for'),
    })
    .nullable(),
});
export type ConfigurationView = z.infer<typeof configurationSchema>;

const mostLogins = 500;

export type ViewedState = {
  readonly snapshot: StaSnapshot | null;
  readonly ageMs: number | null;
  readonly lastPull: PullReport | null;
  readonly unknownLogins: readonly string[];
};

export function configurationView(state: ViewedState): ConfigurationView {
  const { snapshot, ageMs, lastPull, unknownLogins } = state;
  return {
    takenAt: snapshot && new Date(snapshot.takenAtMs).toISOString(),
    ageSeconds: ageMs === null ? null : Math.round(ageMs / 1000),
    transcription: snapshot?.transcription ?? null,
    queues: snapshot && {
      total: snapshot.queues.length,
      withTranscription: snapshot.queues.filter(({ transcription }) => transcription).length,
    },
    defaultProgram: snapshot?.defaultProgram ?? null,
    mappings: snapshot && mappedPrograms(snapshot),
    languages: snapshot && { source: snapshot.dialectSource, codes: [...snapshot.dialects] },
    unknownLogins: unknownLogins.slice(0, mostLogins),
    lastPull: lastPull && {
      at: new Date(lastPull.atMs).toISOString(),
      ok: lastPull.fault === null,
      cause: lastPull.fault?.cause ?? null,
      detail: lastPull.fault?.detail ?? null,
      missing: lastPull.missing,
    },
  };
}

function mappedPrograms(snapshot: StaSnapshot) {
  const byId = new Map<string, z.infer<typeof mappedProgram>>();
  for (const { program } of snapshot.queues) {
    if (program === null) continue;
    const queues = (byId.get(program.id)?.queues ?? 0) + 1;
    byId.set(program.id, { programId: program.id, published: program.published, queues });
  }
  return [...byId.values()];
}
