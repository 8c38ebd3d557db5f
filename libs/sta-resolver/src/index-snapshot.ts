import { dialectLookup } from './language-code.js';
import { nameKey } from './name-key.js';
import type { GcQueue, StaSnapshot } from './snapshot.js';

/** What a snapshot says, without the ways to find it. */
export type SnapshotContent = Omit<StaSnapshot, 'queueById' | 'queuesByName' | 'dialectByCode'>;

/** Adds the look-ups, so that a decision costs the same with ten queues and with 10,000. */
export function indexSnapshot(content: SnapshotContent): StaSnapshot {
  const byId = [...content.queues].sort((a, b) => (a.id < b.id ? -1 : 1));
  const queuesByName = new Map<string, GcQueue[]>();
  for (const queue of byId) {
    const sameName = queuesByName.get(nameKey(queue.name));
    if (sameName) sameName.push(queue);
    else queuesByName.set(nameKey(queue.name), [queue]);
  }
  return {
    ...content,
    queueById: new Map(byId.map((queue) => [queue.id, queue])),
    queuesByName,
    dialectByCode: dialectLookup(content.dialects),
  };
}
