import type { Redis } from 'ioredis';

/**
 * Does some work while nobody takes anything from the queue: afterwards it lies there as after an outage.
 * @param prefix the `REDIS_KEY_PREFIX` of the queue's EXRPs
 */
export async function pausedQueue<T>(
  redis: Redis,
  prefix: string,
  work: () => Promise<T>,
): Promise<T> {
  await redis.hset(`{${prefix}}:injections:meta`, 'paused', 1);
  const result = await work();
  await redis.hdel(`{${prefix}}:injections:meta`, 'paused');
  // A worker that sleeps at an empty queue looks again when this comes.
  await redis.zadd(`{${prefix}}:injections:marker`, 0, '0');
  return result;
}
