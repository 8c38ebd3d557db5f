import { rememberedPlace, rememberedWeeks, type RedisClient } from '@exrec/service-kit';
import { callLogKeys, seenKeepMs } from './call-log-keys.js';

export type KnownMedia = (mediaIds: readonly string[]) => Promise<boolean[]>;

/**
 * For each media file whether metadata ever named it, as far as that is remembered: at least `seenKeepMs`.
 * @param prefix `keyspace()` of the settings
 */
export function knownMediaIn(redis: RedisClient, prefix: string, now: () => number): KnownMedia {
  const { seenStem } = callLogKeys(prefix);
  return (mediaIds) => {
    const { names } = rememberedWeeks(now(), seenKeepMs);
    return Promise.all(
      mediaIds.map(async (mediaId) => {
        const { bucket, digest } = rememberedPlace(mediaId);
        const isIn = (week: string) => redis.sismember(`${seenStem}${week}:${bucket}`, digest);
        return (await Promise.all(names.map(isIn))).includes(1);
      }),
    );
  };
}
