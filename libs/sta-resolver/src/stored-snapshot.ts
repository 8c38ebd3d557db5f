import * as z from 'zod';
import { indexSnapshot } from './index-snapshot.js';
import type { GcQueue, Program, StaSnapshot } from './snapshot.js';

const NO_PROGRAM = -1;
const flag = z.union([z.literal(0), z.literal(1)]);
const programIndex = z.int().min(NO_PROGRAM);

/**
 * The form kept in Redis: tuples instead of objects, and each program once, because there may be
 * 10,000 queues. `programs`: id, published, name (if any). `queues`: id, name, transcription, index into `programs` (-1: none).
 */
export const storedSnapshotSchema = z.object({
  version: z.literal(1),
  takenAtMs: z.int().nonnegative(),
  transcription: z.string(),
  programs: z.array(z.tuple([z.string(), flag], z.string())),
  defaultProgram: programIndex,
  queues: z.array(z.tuple([z.string(), z.string(), flag, programIndex])),
  dialects: z.array(z.string()),
  dialectSource: z.enum(['genesys-cloud', 'documented-list']),
});

type StoredSnapshot = z.infer<typeof storedSnapshotSchema>;

/** The snapshot as JSON text for Redis. */
export function serializeSnapshot(snapshot: StaSnapshot): string {
  const used = [snapshot.defaultProgram, ...snapshot.queues.map((queue) => queue.program)];
  const programs = new Map<string, Program>();
  for (const program of used) if (program) programs.set(program.id, program);
  const index = new Map([...programs.keys()].map((id, position) => [id, position]));
  const indexOf = (program: Program | null) => (program && index.get(program.id)) ?? NO_PROGRAM;
  const stored: StoredSnapshot = {
    version: 1,
    takenAtMs: snapshot.takenAtMs,
    transcription: snapshot.transcription,
    programs: [...programs.values()].map(({ id, published, name }) => [
      id,
      published ? 1 : 0,
      ...(name === undefined ? [] : [name]),
    ]),
    defaultProgram: indexOf(snapshot.defaultProgram),
    queues: snapshot.queues.map(storedQueue(indexOf)),
    dialects: [...snapshot.dialects],
    dialectSource: snapshot.dialectSource,
  };
  return JSON.stringify(stored);
}

/**
 * The snapshot kept in Redis. `null` when the text is not in a form this release knows (damaged, or
 * written by another release): then there is none until the next read from GC.
 */
export function parseSnapshot(text: string): StaSnapshot | null {
  const stored = storedSnapshotSchema.safeParse(jsonOrNull(text));
  if (!stored.success) return null;
  const { version: _version, programs: kept, ...content } = stored.data;
  const programs = kept.map(([id, published, name]) => ({
    id,
    published: published === 1,
    ...(name === undefined ? {} : { name }),
  }));
  return indexSnapshot({
    ...content,
    defaultProgram: programs[content.defaultProgram] ?? null,
    queues: content.queues.map(([id, name, transcription, program]) => ({
      id,
      name,
      transcription: transcription === 1,
      program: programs[program] ?? null,
    })),
  });
}

function storedQueue(indexOf: (program: Program | null) => number) {
  return ({ id, name, transcription, program }: GcQueue): StoredSnapshot['queues'][number] => [
    id,
    name,
    transcription ? 1 : 0,
    indexOf(program),
  ];
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
