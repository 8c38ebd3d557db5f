import { ok, type Call, type Endpoint, type Reply } from '../http/endpoint.js';
import { numberedPage } from '../http/paging.js';
import type { GcConfiguration } from './configuration.js';
import type { Organization } from './organization.js';

type Queue = GcConfiguration['queues'][number];

const PAGE_SIZE_MAX = 500;

/** Transcription settings and queues (docs/reference/genesys-facts.md#53-sta-and-transcription-configuration). */
export function routingEndpoints(organization: Organization): readonly Endpoint[] {
  return [
    {
      target: 'gc.transcription',
      method: 'GET',
      path: '/api/v2/routing/settings/transcription',
      permission: 'routing:transcriptionSettings:view',
      handle: () => ok(transcriptionSettings(organization.configuration)),
    },
    {
      target: 'gc.queues',
      method: 'GET',
      path: '/api/v2/routing/queues',
      permission: 'routing:queue:view',
      handle: (call) => queues(call, organization.configuration.queues),
    },
  ];
}

function transcriptionSettings({ transcription }: GcConfiguration): Record<string, unknown> {
  return {
    transcription,
    transcriptionConfidenceThreshold: 40,
    lowLatencyTranscriptionEnabled: false,
    contentSearchEnabled: true,
    pciDssRedactionEnabled: true,
    piiRedactionEnabled: false,
  };
}

function queues(call: Call, all: readonly Queue[]): Reply {
  const name = call.query.get('name')?.toLowerCase();
  const ids = call.query.getAll('id').flatMap((each) => each.split(','));
  const wanted = all.filter(
    (queue) =>
      (name === undefined || matches(queue.name, name)) &&
      (ids.length === 0 || ids.includes(queue.id)),
  );
  const page = numberedPage(call, wanted, PAGE_SIZE_MAX);
  const entities = Array.isArray(page.entities) ? page.entities.map(entityOf) : [];
  return ok({ ...page, entities });
}

/** GC takes `*` in a queue's name filter. */
function matches(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(name);
}

function entityOf(queue: Queue): Record<string, unknown> {
  return {
    id: queue.id,
    name: queue.name,
    division: { id: 'b0b1c2d3-e4f5-4a6b-8c7d-8e9fa0b1c2d3', name: 'Home', selfUri: '' },
    enableTranscription: queue.enableTranscription,
    suppressInQueueCallRecording: true,
    mediaSettings: {},
    selfUri: `/api/v2/routing/queues/${queue.id}`,
  };
}
