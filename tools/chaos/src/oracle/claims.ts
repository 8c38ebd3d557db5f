import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { System } from '../system/system.js';
import type { Violation } from './seen.js';

/** What waits for its audio is tried again now and then: an attempt may be going on, but it has to end. */
const triesMs = [0, 1_000, 3_000, 10_000, 30_000, 60_000];

async function heldAlways(client: Redis, key: string): Promise<string[]> {
  let held: string[] | undefined;
  for (const pauseMs of triesMs) {
    await sleep(pauseMs);
    const now = await client.lrange(key, 0, -1);
    held = held === undefined ? now : held.filter((id) => now.includes(id));
    if (held.length === 0) break;
  }
  return held ?? [];
}

/** What workers hold in Redis when nobody has anything to do any more. */
export async function claimViolations({ redis }: System): Promise<Violation[]> {
  const client = new Redis((await redis.master()).port, '127.0.0.1');
  try {
    const keys: string[] = [];
    for await (const page of client.scanStream({ match: '{exrec}:*', count: 1_000 }))
      keys.push(...(page as string[])); // a page is the list of its keys
    const found: Violation[] = [];
    for (const key of keys.filter((name) => name.endsWith(':active'))) {
      const held = await heldAlways(client, key);
      if (held.length > 0)
        found.push({ name: 'job-never-settled', detail: `${held.join()} in ${key}` });
    }
    return found;
  } finally {
    client.disconnect();
  }
}
