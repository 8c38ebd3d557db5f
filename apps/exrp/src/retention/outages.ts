import { luaScript, type RedisClient } from '@exrec/service-kit';
import recordOutageLua from './lua/record-outage.lua';

/** What may be away, and the start of the first instance after none was running. */
export type Outage = 'redis' | 'webdav' | 'genesys-cloud' | 'exrp';

const recordScript = luaScript(recordOutageLua);

/** When each outage ended last, by Redis' clock; while one lasts, it is noted again and again. */
export class Outages {
  readonly #redis: RedisClient;
  readonly #key: string;

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    this.#key = `${prefix}:outages`;
  }

  /** `what` is away at `atMs`, or has just come back. */
  async record(what: Outage, atMs: number): Promise<void> {
    await recordScript(this.#redis, [this.#key], [what, atMs]);
  }

  /** What ended last, and when; `undefined` when there never was anything. */
  async latest(): Promise<{ readonly what: string; readonly endedAtMs: number } | undefined> {
    const ends = Object.entries(await this.#redis.hgetall(this.#key));
    return ends
      .map(([what, at]) => ({ what, endedAtMs: Number(at) }))
      .toSorted((a, b) => b.endedAtMs - a.endedAtMs)[0];
  }
}
