import type { Organization } from '../organization/organization.js';
import type { PresenceSources } from '../presence/presence-sources.js';
import type { SoundEvent } from './event-shapes.js';
import { stated, type Refusal } from './refusal.js';

/** What the event names and this organization does not have. It has no languages, skills or wrap-up codes. */
export function strangerOf(
  event: SoundEvent,
  {
    organization,
    sources,
  }: { readonly organization: Organization; readonly sources: PresenceSources },
): Refusal | undefined {
  const { users, queues } = organization.configuration;
  const isUser = (id: string) => users.some((user) => user.id === id && user.state === 'active');
  const isQueue = (id: string) => queues.some((queue) => queue.id === id);
  const isSource = (id: string) => sources.isActive(id);
  const nothing = () => false;
  const checks: readonly [string, string | undefined, (id: string) => boolean][] = [
    ['sourceConfiguration.sourceId', event.sourceConfiguration?.sourceId, isSource],
    ['userId', event.userId, isUser],
    ['destinationUserId', event.destinationUserId, isUser],
    ['queueId', event.queueId, isQueue],
    ['destinationQueueId', event.destinationQueueId, isQueue],
    ['languageId', event.languageId, nothing],
    ['skillIds', event.skillIds?.[0], nothing],
    ['code', event.code, nothing],
  ];
  const stranger = checks.find(([, id, isKnown]) => id !== undefined && !isKnown(id));
  return stranger && stated(stranger[0], `no such ${nouns[stranger[0]] ?? 'thing'}`);
}

const nouns: Readonly<Record<string, string>> = {
  'sourceConfiguration.sourceId': 'active source',
  userId: 'active user',
  destinationUserId: 'active user',
  queueId: 'queue',
  destinationQueueId: 'queue',
  languageId: 'language',
  skillIds: 'skill',
  code: 'wrap-up code',
};
