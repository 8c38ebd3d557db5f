import { rememberedPlace, rememberedWeeks, type RedisClient } from '@exrec/service-kit';
import { callLogKeys, seenKeepMs } from './call-log-keys.js';

export type KnownMediaOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly now: () => number;
};

/** The media files that metadata named, as far as they are remembered: at least `seenKeepMs`. */
export class KnownMedia {
  readonly #options: KnownMediaOptions;

  constructor(options: KnownMediaOptions) {
    this.#options = options;
  }

  /** For each media file whether it was ever named. */
  async known(mediaIds: readonly string[]): Promise<boolean[]> {
    const { redis, prefix, now } = this.#options;
    const { seenStem } = callLogKeys(prefix);
    const { names } = rememberedWeeks(now(), seenKeepMs);
    const found = await Promise.all(
      mediaIds.map((mediaId) => {
        const { bucket, digest } = rememberedPlace(mediaId);
        return Promise.all(
          names.map((week) => redis.sismember(`${seenStem}${week}:${bucket}`, digest)),
        );
      }),
    );
    return found.map((weeks) => weeks.includes(1));
  }
}
