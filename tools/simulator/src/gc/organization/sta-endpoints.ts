import { ok, type Call, type Endpoint } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import { cursorPage } from '../http/paging.js';
import type { GcConfiguration } from './configuration.js';
import type { Organization } from './organization.js';

const ROOT = '/api/v2/speechandtextanalytics';
const PROGRAM_VIEW = 'speechAndTextAnalytics:program:view';
/** GC's own limit is not public; ours is low on purpose, so that nobody leans on a large one. */
const PAGE_SIZE_MAX = 100;

/** Speech and text analytics: settings, programs, their mappings, dialects (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration). */
export function staEndpoints(organization: Organization): readonly Endpoint[] {
  const now = () => organization.configuration;
  const get = { method: 'GET' } as const;
  return [
    {
      ...get,
      target: 'gc.sta.settings',
      path: `${ROOT}/settings`,
      permission: 'speechAndTextAnalytics:settings:view',
      handle: () => ok(settings(now())),
    },
    {
      ...get,
      target: 'gc.sta.mappings',
      path: `${ROOT}/programs/mappings`,
      permission: PROGRAM_VIEW,
      handle: (call) => ok(cursorPage(call, mappings(now()), PAGE_SIZE_MAX)),
    },
    {
      ...get,
      target: 'gc.sta.programs',
      path: `${ROOT}/programs`,
      permission: PROGRAM_VIEW,
      handle: (call) => ok(cursorPage(call, programs(call, now()), PAGE_SIZE_MAX)),
    },
    {
      ...get,
      target: 'gc.sta.dialects',
      path: `${ROOT}/programs/transcriptionengines/dialects`,
      handle: () => ok({ entities: now().dialects }),
    },
  ];
}

function settings({ defaultProgramId, dialects }: GcConfiguration): Record<string, unknown> {
  return {
    ...(defaultProgramId !== null && { defaultProgram: reference(defaultProgramId) }),
    expectedDialects: dialects.flatMap((each) => each.dialects).slice(0, 2),
    textAnalyticsEnabled: true,
    agentEmpathyEnabled: false,
  };
}

function mappings(configuration: GcConfiguration): Record<string, unknown>[] {
  return configuration.mappings.map(({ programId, queueIds }) => {
    const name = configuration.programs.find((program) => program.id === programId)?.name;
    return {
      program: { ...reference(programId), name },
      queues: queueIds.map((id) => ({ id, selfUri: `/api/v2/routing/queues/${id}` })),
      flows: [],
    };
  });
}

function programs(call: Call, configuration: GcConfiguration): Record<string, unknown>[] {
  const state = call.query.get('state') ?? 'Latest';
  if (state !== 'Latest' && state !== 'Published') {
    throw new GcError(400, 'bad.request', 'state must be Latest or Published.');
  }
  return configuration.programs
    .filter((program) => state === 'Latest' || program.published)
    .map((program) => ({
      ...program,
      topicsCount: 0,
      tags: [],
      selfUri: `${ROOT}/programs/${program.id}`,
    }));
}

function reference(programId: string): { id: string; selfUri: string } {
  return { id: programId, selfUri: `${ROOT}/programs/${programId}` };
}
