import { nameKey } from './name-key.js';
import type { GcQueue, StaSnapshot } from './snapshot.js';
import type { TrailStep } from './trail.js';

/** Engage queue → GC queue name or id. */
export type QueueMap = Readonly<Record<string, string>>;

export type QueueSearch = { readonly queue: GcQueue | null; readonly trail: readonly TrailStep[] };

/**
 * The GC queue of an Engage queue: by `queueMap`, else the one of the same name, case-insensitive.
 * Where Genesys says nothing:
 * - an entry of the map is obeyed: when GC doesn't have its target, the queue is unknown, and no
 *   queue that happens to have the Engage name is taken instead;
 * - the map's keys are compared exactly first, then case-insensitively; its targets as ids first;
 * - of several GC queues of one name the one in exactly this spelling wins, then the lowest id.
 *   The trail says `queue-name-ambiguous`; an id in the map settles it.
 */
export function findQueue(
  engageName: string,
  queueMap: QueueMap,
  snapshot: StaSnapshot,
): QueueSearch {
  const target = mappedTarget(engageName, queueMap);
  if (target === undefined) return found('queue-found-by-name', byName(engageName, snapshot));
  const byId = snapshot.queueById.get(target) ?? snapshot.queueById.get(target.toLowerCase());
  const search = found('queue-found-by-map', byId ? [byId] : byName(target, snapshot));
  if (search.queue) return search;
  return {
    queue: null,
    trail: [{ rule: 'queue-map-target-unknown', value: target }, ...search.trail],
  };
}

function mappedTarget(engageName: string, queueMap: QueueMap): string | undefined {
  if (Object.hasOwn(queueMap, engageName)) return queueMap[engageName];
  const wanted = nameKey(engageName);
  return Object.entries(queueMap).find(([name]) => nameKey(name) === wanted)?.[1];
}

/** All queues of this name, the best first. */
function byName(name: string, snapshot: StaSnapshot): readonly GcQueue[] {
  const sameName = snapshot.queuesByName.get(nameKey(name)) ?? [];
  return [
    ...sameName.filter((queue) => queue.name === name),
    ...sameName.filter((queue) => queue.name !== name),
  ];
}

function found(
  rule: 'queue-found-by-map' | 'queue-found-by-name',
  candidates: readonly GcQueue[],
): QueueSearch {
  const [queue] = candidates;
  if (!queue) return { queue: null, trail: [{ rule: 'queue-unknown' }] };
  const trail: TrailStep[] = [{ rule, value: queue.id }];
  if (candidates.length > 1) {
    trail.push({ rule: 'queue-name-ambiguous', value: String(candidates.length) });
  }
  return { queue, trail };
}
