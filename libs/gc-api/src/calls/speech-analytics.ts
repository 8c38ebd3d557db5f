import * as z from 'zod';
import { readableList } from '../paging/readable-entities.js';
import { readCursorPages } from '../paging/cursor-pages.js';
import type { CallOptions, GcSession } from '../request/gc-request.js';

const root = '/api/v2/speechandtextanalytics';
const kind = 'configuration';
/** GC's greatest page size here is not public, its default is 20 (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration). */
const pageSize = 50;
const reference = z.object({ id: z.string().min(1) });

const settings = z.object({ defaultProgram: reference.nullish().catch(null) });

export type StaSettings = { readonly defaultProgramId: string | null };

/** The organisation's default program, if any (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration). */
export async function staSettings(
  session: GcSession,
  { signal }: CallOptions = {},
): Promise<StaSettings> {
  const template = `${root}/settings`;
  const answer = await session.call({ kind, method: 'GET', template, shape: settings, signal });
  return { defaultProgramId: answer.defaultProgram?.id ?? null };
}

const mapping = z.object({ program: reference, queues: readableList(reference).nullish() });

export type ProgramMapping = { readonly programId: string; readonly queueIds: readonly string[] };

/** Which queues belong to which program, all pages (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration). */
export async function programMappings(
  session: GcSession,
  { signal }: CallOptions = {},
): Promise<ProgramMapping[]> {
  const template = `${root}/programs/mappings`;
  const found = await readCursorPages(session, {
    kind,
    template,
    pageSize,
    entity: mapping,
    signal,
  });
  return found.map(({ program, queues }) => ({
    programId: program.id,
    queueIds: (queues ?? []).map(({ id }) => id),
  }));
}

const program = z.object({
  id: z.string().min(1),
  name: z.string().nullish().catch(null),
  published: z.boolean().nullish().catch(null),
});

export type Program = { readonly id: string; readonly name: string };

/** The published programs, all pages (docs/design/CONTRACTS.md#5-sta-rules, docs/design/CONTRACTS.md#9-clarifications (13)); others don't count. */
export async function programs(
  session: GcSession,
  { signal }: CallOptions = {},
): Promise<Program[]> {
  const found = await readCursorPages(session, {
    kind,
    template: `${root}/programs`,
    query: { state: 'Published' },
    pageSize,
    entity: program,
    signal,
  });
  return found
    .filter(({ published }) => published !== false)
    .map(({ id, name }) => ({ id, name: name ?? '' }));
}

const engines = z.object({
  entities: readableList(
    z.object({ engine: z.string(), dialects: readableList(z.string()).nullish() }),
  ),
});

/** The dialects of GC's own engine, `Genesys`, in GC's spelling (docs/design/CONTRACTS.md#9-clarifications (13)). */
export async function dialects(
  session: GcSession,
  { signal }: CallOptions = {},
): Promise<string[]> {
  const template = `${root}/programs/transcriptionengines/dialects`;
  const answer = await session.call({ kind, method: 'GET', template, shape: engines, signal });
  const native = answer.entities.filter(({ engine }) => engine === 'Genesys');
  return [...new Set(native.flatMap((one) => one.dialects ?? []))];
}
