import type { Redis } from 'ioredis';

/** What Redis holds, by what it is for. */
export type RedisKinds = {
  /** Bytes by the kind of key: those that live for more than a day, which is how long something is kept on purpose. */
  readonly kept: ReadonlyMap<string, number>;
  /** Everything else: what is being worked on. */
  readonly atWork: ReadonlyMap<string, number>;
};

const dayMs = 86_400_000;

/** Looks at every key. */
export async function redisKinds(client: Redis): Promise<RedisKinds> {
  const kept = new Map<string, number>();
  const atWork = new Map<string, number>();
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'COUNT', 500);
    cursor = next;
    const ask = client.pipeline();
    for (const key of keys) ask.memory('USAGE', key).pttl(key);
    const answers = ((await ask.exec()) ?? []).map(([, answer]) => Number(answer ?? 0));
    keys.forEach((key, index) => {
      const [bytes = 0, livesMs = 0] = answers.slice(2 * index, 2 * index + 2);
      const of = livesMs > dayMs ? kept : atWork;
      const kind = kindOfKey(key);
      of.set(kind, (of.get(kind) ?? 0) + bytes);
    });
  } while (cursor !== '0');
  return { kept, atWork };
}

/** `{exrec}:seen:2952:17` is one of `seen:*:*`: parts with a digit are ids, weeks and the like. */
export function kindOfKey(key: string): string {
  const [, ...parts] = key.split(':');
  return parts.map((part) => (/\d/.test(part) ? '*' : part)).join(':');
}
