import type { RedisClient } from '@exrec/service-kit';
import { headBytes, readPack } from './pack-text.js';

type Known = { readonly head: Buffer; readonly archives: ReadonlyMap<string, string> };

/** Whoever lists interactions asks for those of one pack one after the other. */
const mostKnown = 4;

/** Reads packs; the last ones stay at hand. */
export class PackReader {
  readonly #redis: RedisClient;
  readonly #known = new Map<string, Known>();

  constructor(redis: RedisClient) {
    this.#redis = redis;
  }

  /**
   * The archive's JSON of an interaction; undefined when the pack is not there any more, null when it is in another one.
   * @throws ArchiveDamage
   */
  async jsonOf(packKey: string, rootCallUUID: string): Promise<string | null | undefined> {
    const head = await this.#redis.getrangeBuffer(packKey, 0, headBytes - 1);
    const known = this.#known.get(packKey);
    if (known?.head.equals(head) === true) return known.archives.get(rootCallUUID) ?? null;
    const bytes = await this.#redis.getBuffer(packKey);
    if (bytes === null) return undefined;
    const archives = await readPack(bytes);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < mostKnown) break;
      this.#known.delete(oldest);
    }
    this.#known.set(packKey, { head: bytes.subarray(0, headBytes), archives });
    return archives.get(rootCallUUID) ?? null;
  }
}
