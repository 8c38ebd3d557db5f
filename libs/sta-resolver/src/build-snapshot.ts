import { indexSnapshot } from './index-snapshot.js';
import { DOCUMENTED_DIALECTS } from './language-code.js';
import type { Program, StaSnapshot } from './snapshot.js';

type WithId = { readonly id: string };

/** What the six GC reads gave, complete and in GC's words (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration); further fields don't disturb. */
export type GcStaParts = {
  /** `/routing/settings/transcription` */
  readonly transcription: { readonly transcription: string };
  /** `/routing/queues`, all pages */
  readonly queues: readonly {
    readonly id: string;
    readonly name: string;
    readonly enableTranscription?: boolean | null | undefined;
  }[];
  /** `/speechandtextanalytics/settings` */
  readonly settings: { readonly defaultProgram?: WithId | null | undefined };
  /** `/speechandtextanalytics/programs/mappings`, all pages */
  readonly mappings: readonly {
    readonly program: WithId;
    readonly queues?: readonly WithId[] | null | undefined;
  }[];
  /** `/speechandtextanalytics/programs?state=Published`, all pages */
  readonly programs: readonly {
    readonly id: string;
    readonly published?: boolean | null | undefined;
    readonly name?: string | null | undefined;
  }[];
  /** `/speechandtextanalytics/programs/transcriptionengines/dialects` */
  readonly dialects: readonly {
    readonly engine: string;
    readonly dialects?: readonly string[] | null | undefined;
  }[];
};

/**
 * The snapshot of what was read from GC at `takenAtMs`. Give it whole reads only.
 * - A program counts as published when the programs list has it and does not say otherwise.
 * - A queue has at most one program (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration); should GC name two, a published one wins, then the lower
 *   id.
 * - Dialects are those of the engine `Genesys`; when there are none, the documented list (docs/reference/genesys-facts.md#54-language-codes).
 */
export function buildSnapshot(parts: GcStaParts, takenAtMs: number): StaSnapshot {
  const published = new Set(
    parts.programs.filter((program) => program.published !== false).map((program) => program.id),
  );
  const names = new Map(parts.programs.map(({ id, name }) => [id, name ?? '']));
  const programOf = (id: string): Program => {
    const name = names.get(id) ?? '';
    return { id, published: published.has(id), ...(name === '' ? {} : { name }) };
  };
  const mapped = programByQueueId(parts.mappings, programOf);
  // By id: a queue that slid to the next page while the pages were read comes twice; the later read is fresher.
  const queues = new Map(parts.queues.map((queue) => [queue.id, queue]));
  const spoken = parts.dialects
    .filter(({ engine }) => engine === 'Genesys')
    .flatMap(({ dialects }) => dialects ?? []);
  return indexSnapshot({
    takenAtMs,
    transcription: parts.transcription.transcription,
    defaultProgram: parts.settings.defaultProgram
      ? programOf(parts.settings.defaultProgram.id)
      : null,
    queues: [...queues.values()].map((queue) => ({
      id: queue.id,
      name: queue.name,
      transcription: queue.enableTranscription === true,
      program: mapped.get(queue.id) ?? null,
    })),
    dialects: spoken.length > 0 ? spoken : DOCUMENTED_DIALECTS,
    dialectSource: spoken.length > 0 ? 'genesys-cloud' : 'documented-list',
  });
}

function programByQueueId(
  mappings: GcStaParts['mappings'],
  programOf: (id: string) => Program,
): ReadonlyMap<string, Program> {
  const byQueueId = new Map<string, Program>();
  for (const mapping of mappings) {
    const program = programOf(mapping.program.id);
    for (const queue of mapping.queues ?? []) {
      const present = byQueueId.get(queue.id);
      if (!present || goesBefore(program, present)) byQueueId.set(queue.id, program);
    }
  }
  return byQueueId;
}

function goesBefore(program: Program, other: Program): boolean {
  return program.published === other.published ? program.id < other.id : program.published;
}
