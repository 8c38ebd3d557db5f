import type { GcClient } from './gc-client.js';
import { fine, stops, warning, type Finding } from './finding.js';

type Permission = {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** A body that is refused for itself (400) once the permission is there, so that nothing is made. */
  readonly body?: unknown;
  readonly without: string;
  readonly isVital: boolean;
};

/**
 * Each permission with a call that needs it and leaves nothing behind. A POST that would make something is asked with
 * an empty body: Genesys Cloud looks at the permission first (403), then at the body (400).
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
    path: '/api/v2/recording/uploads/reports/00000000-0000-4000-8000-000000000000',
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
    without: 'no source can be made where the organization has none',
    isVital: false,
  },
  {
    name: 'recording:orphan:view',
    method: 'GET',
    path: '/api/v2/orphanrecordings?pageSize=1',
    without: 'recordings without their conversation are not listed',
    isVital: false,
  },
  {
    name: 'recording:orphan:edit',
    method: 'PUT',
    path: '/api/v2/orphanrecordings/00000000-0000-4000-8000-000000000000',
    body: {},
    without: 'recordings without their conversation cannot be given one',
    isVital: false,
  },
  {
    name: 'routing:queue:view',
    method: 'GET',
    path: '/api/v2/routing/queues?pageSize=1',
    without: 'nothing is transcribed',
    isVital: false,
  },
  {
    name: 'routing:transcriptionSettings:view',
    method: 'GET',
    path: '/api/v2/routing/settings/transcription',
    without: 'nothing is transcribed',
    isVital: false,
  },
  {
    name: 'speechAndTextAnalytics:settings:view',
    method: 'GET',
    path: '/api/v2/speechandtextanalytics/settings',
    without: 'nothing is transcribed',
    isVital: false,
  },
  {
    name: 'speechAndTextAnalytics:program:view',
    method: 'GET',
    path: '/api/v2/speechandtextanalytics/programs?pageSize=1',
    without: 'nothing is transcribed',
    isVital: false,
  },
  {
    name: 'directory:user:view',
    method: 'GET',
    path: '/api/v2/users?pageSize=1',
    without: 'agents are not found: their legs are bare phones',
    isVital: false,
  },
];

const role = 'add it to the role of this OAuth client, for its divisions';

/** Each permission by name, for one client. */
export async function checkPermissions(client: GcClient): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const permission of permissions) {
    const { status } = await client.call(permission.method, permission.path, permission.body);
    if (status !== 403 && status !== 401) continue;
    const text = `client ${client.name}: permission ${permission.name} is missing`;
    const make = permission.isVital ? stops : warning;
    findings.push(make('genesys cloud', text, `${role}; without it ${permission.without}`));
  }
  if (findings.length > 0) return findings;
  return [fine('genesys cloud', `client ${client.name}: ${permissions.length} permissions`)];
}
