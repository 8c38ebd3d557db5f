import type { GcClient } from './gc-client.js';
import { fine, someOf, stops, warning, type Finding } from './finding.js';

type Permission = {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** A body that makes nothing: refused for itself (400, 404) once the permission is there, or an empty list. */
  readonly body?: unknown;
  readonly without: string;
  readonly isVital?: true;
};

const nothing = '00000000-0000-4000-8000-000000000000';

/**
 * Each permission with a call that needs it and leaves nothing behind. What would make something is asked with an
 * empty body: Genesys Cloud looks at the permission first (403), then at the body (400).
 */
export const permissions: readonly Permission[] = [
  {
    name: 'recording:encryptionKey:view',
    method: 'GET',
    path: '/api/v2/recording/recordingkeys?pageSize=1',
    without: 'nothing can be sealed, and all recordings wait',
    isVital: true,
  },
  {
    name: 'recording:recording:upload',
    method: 'POST',
    path: '/api/v2/uploads/recordings',
    body: {},
    without: 'nothing can be uploaded',
    isVital: true,
  },
  {
    name: 'recording:uploadReport:add',
    method: 'POST',
    path: '/api/v2/recording/uploads/reports',
    body: {},
    without: 'uploads are never confirmed',
    isVital: true,
  },
  {
    name: 'recording:uploadReport:view',
    method: 'GET',
    path: `/api/v2/recording/uploads/reports/${nothing}`,
    without: 'uploads are never confirmed',
    isVital: true,
  },
  {
    name: 'conversation:conversation:inject',
    method: 'POST',
    path: '/api/v2/events/conversations',
    body: {},
    without: 'recordings stay without their conversation',
    isVital: true,
  },
  {
    name: 'presence:source:view',
    method: 'GET',
    path: '/api/v2/presence/sources',
    without: 'no conversation can name where it comes from',
    isVital: true,
  },
  {
    name: 'presence:source:add',
    method: 'POST',
    path: '/api/v2/presence/sources',
    body: {},
    without: 'EXCP cannot make its source where there is none yet',
  },
  {
    name: 'recording:orphan:view',
    method: 'GET',
    path: '/api/v2/orphanrecordings?pageSize=1',
    without: '`exrec orphans` cannot list recordings that lost their conversation',
  },
  {
    name: 'recording:orphan:edit',
    method: 'PUT',
    path: `/api/v2/orphanrecordings/${nothing}`,
    body: {},
    without: '`exrec orphans --attach` cannot give them their conversation',
  },
  {
    name: 'routing:queue:view',
    method: 'GET',
    path: '/api/v2/routing/queues?pageSize=1',
    without: 'nothing is transcribed',
  },
  {
    name: 'routing:transcriptionSettings:view',
    method: 'GET',
    path: '/api/v2/routing/settings/transcription',
    without: 'nothing is transcribed',
  },
  {
    name: 'speechAndTextAnalytics:settings:view',
    method: 'GET',
    path: '/api/v2/speechandtextanalytics/settings',
    without: 'nothing is transcribed',
  },
  {
    name: 'speechAndTextAnalytics:program:view',
    method: 'GET',
    path: '/api/v2/speechandtextanalytics/programs?pageSize=1',
    without: 'nothing is transcribed',
  },
  {
    name: 'directory:user:view',
    method: 'GET',
    path: '/api/v2/users?pageSize=1',
    without: 'agents are not found: their legs are bare phones',
  },
];

const subject = 'genesys cloud';
const role = 'add it to the role of this OAuth client, for its divisions';

export type PermissionCheck = {
  readonly findings: readonly Finding[];
  /** Host of an upload, where Genesys Cloud has named one. */
  readonly uploadUrl: string | undefined;
};

/** Each permission by name, for one client. */
export async function checkPermissions(client: GcClient): Promise<PermissionCheck> {
  const findings: Finding[] = [];
  const unasked: string[] = [];
  let uploadUrl: string | undefined;
  for (const { name, method, path, body, without, isVital } of permissions) {
    const answer = await client.call(method, path, body);
    if (name === 'recording:recording:upload') uploadUrl = urlIn(answer.body);
    if (answer.status === 403 || answer.status === 401) {
      const make = isVital === true ? stops : warning;
      const text = `client ${client.name}: permission ${name} is missing`;
      findings.push(make(subject, text, `${role}; without it ${without}`));
    } else if (answer.status === 0 || answer.status === 429 || answer.status >= 500) {
      unasked.push(name);
    }
  }
  if (unasked.length > 0) {
    const text = `client ${client.name}: nobody answers whether it has ${someOf(unasked)}`;
    findings.push(warning(subject, text, 'run the check again when Genesys Cloud answers'));
  }
  if (findings.length === 0)
    findings.push(fine(subject, `client ${client.name}: all ${permissions.length} permissions`));
  return { findings, uploadUrl };
}

function urlIn(body: unknown): string | undefined {
  const { url } = (typeof body === 'object' && body !== null ? body : {}) as { url?: unknown };
  return typeof url === 'string' && URL.canParse(url) ? url : undefined;
}
