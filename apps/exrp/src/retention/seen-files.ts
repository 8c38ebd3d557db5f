import { luaScript, type RedisClient } from '@exrec/service-kit';
import recordFilesLua from './lua/record-files.lua';
import dropFilesLua from './lua/drop-files.lua';

/** Notes that these files were seen now. */
const recordScript = luaScript(recordFilesLua);

/** Forgets files that were not seen since. */
const dropScript = luaScript(dropFilesLua);

const dropAtOnce = 1_000;

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
  async record(names: readonly string[], nowMs: number): Promise<readonly number[]> {
    const reply = await recordScript(this.#redis, this.#keys, [nowMs, ...names]);
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
  async drop(name: string): Promise<void> {
    const [first, last] = this.#keys;
    await this.#redis.multi().zrem(first, name).zrem(last, name).exec();
  }

  /** Forgets the files that were not listed since `sinceMs`. */
  async dropUnseen(sinceMs: number): Promise<void> {
    for (let gone = dropAtOnce; gone === dropAtOnce;)
      gone = Number(await dropScript(this.#redis, this.#keys, [sinceMs, dropAtOnce]));
  }
}
