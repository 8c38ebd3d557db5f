import type { DialectSource, Program, StaSnapshot } from '@exrec/sta-resolver';
import type { PullReport } from './pull-report.js';

/** GC's STA configuration as `GET /api/v1/configuration` shows it. Everything of it is null before the first pull. */
export type ConfigurationView = {
  readonly takenAt: string | null;
  readonly ageSeconds: number | null;
  /** GC's word: `Disabled`, `EnabledGlobally`, `EnabledQueueFlow`. */
  readonly transcription: string | null;
  readonly queues: { readonly total: number; readonly withTranscription: number } | null;
  readonly defaultProgram: Program | null;
  /** Programs that have queues. */
  readonly mappings: readonly MappedProgram[] | null;
  readonly languages: {
    /** `documented-list`: GC names none at the moment. */
    readonly source: DialectSource;
    readonly codes: readonly string[];
  } | null;
  readonly lastPull: {
    readonly at: string;
    /** Whether it replaced the configuration. */
    readonly ok: boolean;
    readonly cause: string | null;
    readonly detail: string | null;
    /** What could not be read and was made up for. */
    readonly missing: PullReport['missing'];
  } | null;
};

type MappedProgram = {
  readonly programId: string;
  readonly published: boolean;
  readonly queues: number;
};

export type ViewedState = {
  readonly snapshot: StaSnapshot | null;
  readonly ageMs: number | null;
  readonly lastPull: PullReport | null;
};

export function configurationView({ snapshot, ageMs, lastPull }: ViewedState): ConfigurationView {
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
    languages: snapshot && { source: snapshot.dialectSource, codes: snapshot.dialects },
    lastPull: lastPull && {
      at: new Date(lastPull.atMs).toISOString(),
      ok: lastPull.fault === null,
      cause: lastPull.fault?.cause ?? null,
      detail: lastPull.fault?.detail ?? null,
      missing: lastPull.missing,
    },
  };
}

function mappedPrograms(snapshot: StaSnapshot): MappedProgram[] {
  const byId = new Map<string, MappedProgram>();
  for (const { program } of snapshot.queues) {
    if (program === null) continue;
    const queues = (byId.get(program.id)?.queues ?? 0) + 1;
    byId.set(program.id, { programId: program.id, published: program.published, queues });
  }
  return [...byId.values()];
}
