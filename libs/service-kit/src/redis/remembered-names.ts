import { hash } from 'node:crypto';

/*
 * Names that have to be recognised for weeks, at 8 bytes each: Redis keeps a set of up to 512 whole numbers as a plain
 * array. A digest of 64 bits takes a new name for a known one once in 10^11 times with a hundred million of them.
 */

const weekMs = 7 * 86_400_000;
/** So many sets hold a week of 50 names a second. */
const buckets = 65_536;

export type RememberedPlace = { readonly bucket: string; readonly digest: string };

/** In which set of a week a name is, and as what. */
export function rememberedPlace(name: string): RememberedPlace {
  const digest = hash('sha256', name, 'buffer');
  return {
    bucket: String(digest.readUInt16BE(8) % buckets),
    digest: digest.readBigInt64BE(0).toString(),
  };
}

export type RememberedWeeks = {
  /** Newest first. */
  readonly names: readonly string[];
  readonly newestTtlSeconds: number;
};

/** The weeks whose sets count at this time, and how long that of the newest has to live, so that it is known for `keepMs`. */
export function rememberedWeeks(nowMs: number, keepMs: number): RememberedWeeks {
  const week = Math.floor(nowMs / weekMs);
  const endsAtMs = (week + 1) * weekMs + keepMs;
  const further = Math.ceil(keepMs / weekMs);
  return {
    names: Array.from({ length: further + 1 }, (_, back) => String(week - back)),
    newestTtlSeconds: Math.ceil((endsAtMs - nowMs) / 1000),
  };
}
