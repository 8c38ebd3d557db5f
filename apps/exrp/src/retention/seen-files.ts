import { luaScript, type RedisClient } from '@exrec/service-kit';

/**
 * Notes that these files were seen now.
 * KEYS: first seen (zset of names), last seen (zset of names). ARGV: now in ms, then names.
 * Returns when each was seen first, in the order of the names.
 */
const noteScript = luaScript(`
local first = {}
for i = 2, #ARGV do
  redis.call('ZADD', KEYS[1], 'NX', ARGV[1], ARGV[i])
  redis.call('ZADD', KEYS[2], ARGV[1], ARGV[i])
  first[i - 1] = redis.call('ZSCORE', KEYS[1], ARGV[i])
end
return first
`);

/**
 * Forgets files that were not seen since.
 * KEYS: first seen, last seen. ARGV: time in ms, most files to forget. Returns how many were forgotten.
 */
const forgetScript = luaScript(`
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, name in ipairs(gone) do
  redis.call('ZREM', KEYS[1], name)
  redis.call('ZREM', KEYS[2], name)
end
return #gone
`);

const forgetAtOnce = 1_000;

/** Since when EXRP knows each audio file of the storage, by Redis' clock; the whole fleet's memory. */
export class SeenFiles {
  readonly #redis: RedisClient;
  readonly #keys: readonly [string, string];

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    this.#keys = [`${prefix}:audio-files:first-seen`, `${prefix}:audio-files:last-seen`];
  }

  /** @returns when each of these files was seen first, epoch ms; `nowMs` for those that are new */
  async note(names: readonly string[], nowMs: number): Promise<readonly number[]> {
    const reply = await noteScript(this.#redis, this.#keys, [nowMs, ...names]);
    return (reply as string[]).map(Number); // the script's documented reply
  }

  /** How many files are known. */
  count(): Promise<number> {
    return this.#redis.zcard(this.#keys[0]);
  }

  /** Whether the file was there at the last look of retention. */
  async isKnown(name: string): Promise<boolean> {
    return (await this.#redis.zscore(this.#keys[0], name)) !== null;
  }

  /** The file is gone: should one of its name come again, it is a new one. */
  async forget(name: string): Promise<void> {
    const [first, last] = this.#keys;
    await this.#redis.multi().zrem(first, name).zrem(last, name).exec();
  }

  /** Forgets the files that were not listed since `sinceMs`. */
  async forgetUnseen(sinceMs: number): Promise<void> {
    for (let gone = forgetAtOnce; gone === forgetAtOnce;)
      gone = Number(await forgetScript(this.#redis, this.#keys, [sinceMs, forgetAtOnce]));
  }
}
