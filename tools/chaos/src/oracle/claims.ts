import { Redis } from 'ioredis';
import type { System } from '../system/system.js';
import type { Violation } from './seen.js';

/** What workers hold in Redis when nobody has anything to do any more. */
export async function claimViolations({ redis }: System): Promise<Violation[]> {
  const client = new Redis((await redis.master()).port, '127.0.0.1');
  try {
    const keys: string[] = [];
    for await (const page of client.scanStream({ match: '{exrec}:*', count: 1_000 }))
      keys.push(...(page as string[])); // a page is the list of its keys
    const found: Violation[] = [];
    for (const key of keys.filter((name) => name.endsWith(':active'))) {
      const held = await client.llen(key);
      if (held > 0) found.push({ name: 'job-never-settled', detail: `${held} in ${key}` });
    }
    return found;
  } finally {
    client.disconnect();
  }
}
