import { Failure, isRedisUnavailable } from '@exrec/service-kit';
import type { GcApi } from '@exrec/gc-api';
import { buildSnapshot, type StaSnapshot } from '@exrec/sta-resolver';
import type { StoredConfiguration } from './configuration-store.js';
import type { PullFault, PullReport } from './pull-report.js';
import type { UserIds } from './user-ids.js';

/** The calls of GC that make up the configuration (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration). */
export type ConfigurationCalls = Pick<
  GcApi,
  | 'transcriptionSettings'
  | 'queues'
  | 'staSettings'
  | 'programMappings'
  | 'programs'
  | 'dialects'
  | 'usersByEmail'
>;

export type ReadRequest = {
  readonly atMs: number;
  readonly emails: readonly string[];
  /** What is in force. */
  readonly present: Pick<StoredConfiguration, 'snapshot' | 'userIds'> | null;
  readonly signal: AbortSignal;
};

export type ConfigurationReading = {
  readonly snapshot: StaSnapshot;
  readonly userIds: UserIds;
  readonly missing: PullReport['missing'];
};

/**
 * GC's configuration, read call by call. Whole or not at all, with two exceptions, because
 * holding everything else back for them would do more harm:
 * - when the dialects can't be read, those last named by GC stay, else the documented ones count (docs/reference/genesys-facts.md#54-language-codes);
 * - when the users can't be read, those known before stay.
 * @throws Failure of the first call that fails
 */
export async function readConfiguration(
  gc: ConfigurationCalls,
  request: ReadRequest,
): Promise<ConfigurationReading> {
  const { atMs, emails, present, signal } = request;
  const missing: PullReport['missing'] = [];
  const makeUpFor = <T>(part: 'dialects' | 'users', substitute: T) => {
    return (error: unknown): T => {
      if (signal.aborted) throw error;
      missing.push({ part, ...faultOf(error) });
      return substitute;
    };
  };
  const transcription = await gc.transcriptionSettings({ signal });
  const queues = await gc.queues({ signal });
  const { defaultProgramId } = await gc.staSettings({ signal });
  const mappings = await gc.programMappings({ signal });
  const programs = await gc.programs({ signal });
  const dialects = await gc
    .dialects({ signal })
    .catch(makeUpFor('dialects', dialectsNamedByGc(present?.snapshot)));
  const knownUsers = new Map(emails.map((email) => [email, present?.userIds.get(email) ?? null]));
  const userIds = await usersOf(gc, emails, signal).catch(makeUpFor('users', knownUsers));
  const snapshot = buildSnapshot(
    {
      transcription,
      queues,
      settings: { defaultProgram: defaultProgramId === null ? null : { id: defaultProgramId } },
      mappings: mappings.map(({ programId, queueIds }) => ({
        program: { id: programId },
        queues: queueIds.map((id) => ({ id })),
      })),
      programs,
      dialects: [{ engine: 'Genesys', dialects }],
    },
    atMs,
  );
  return { snapshot, userIds, missing };
}

/** What went wrong, in words that may be shown and logged. */
export function faultOf(error: unknown): PullFault {
  if (error instanceof Failure) return { cause: error.code, detail: error.detail ?? null };
  const cause = isRedisUnavailable(error) ? 'redis-unavailable' : 'unexpected';
  return { cause, detail: null };
}

function dialectsNamedByGc(snapshot: StaSnapshot | null | undefined): readonly string[] {
  return snapshot?.dialectSource === 'genesys-cloud' ? snapshot.dialects : [];
}

/** The users of these e-mails, in lower case; null for those that GC does not have. */
export async function usersOf(
  gc: Pick<ConfigurationCalls, 'usersByEmail'>,
  emails: readonly string[],
  signal: AbortSignal,
): Promise<UserIds> {
  const found = emails.length > 0 ? await gc.usersByEmail(emails, { signal }) : [];
  const idOf = new Map(found.map(({ id, email }) => [email.toLowerCase(), id]));
  return new Map(emails.map((email) => [email, idOf.get(email) ?? null]));
}
