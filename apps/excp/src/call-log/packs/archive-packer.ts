import type { Logger, PeriodicJob, RedisClient } from '@exrec/service-kit';
import { ArchiveDamage, readArchiveText } from '../archive-text.js';
import {
  archiveTtlSeconds,
  callLogKeys,
  dayMs,
  finishedDays,
  type CallLogKeys,
} from '../call-log-keys.js';
import { packScript, packWeeks } from './pack-scripts.js';
import { canBePacked, headBytes, writePack, type PackedArchive } from './pack-text.js';

export type ArchivePackerOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly keepMs: number;
  readonly now: () => number;
  readonly logger: Logger;
};

const everyMs = 60_000;
/** Clocks of instances differ: a day's list may still grow for a moment. */
const afterDayMs = 3_600_000;
const packSize = 256;
/** Bounds one turn; what is left is for the next. */
const packsOfTurn = 50;
/** What is larger than many others together gains nothing from them. */
const mostBytes = 16 * 1024;

type Archive = { readonly root: string; readonly head: Buffer; readonly packed: PackedArchive };

/**
 * Packs what was archived on days that are over: many interactions in one text take half of the memory that each takes
 * by itself. Nothing is left out of them.
 */
export class ArchivePacker {
  readonly #options: ArchivePackerOptions;
  readonly #keys: CallLogKeys;

  constructor(options: ArchivePackerOptions) {
    this.#options = options;
    this.#keys = callLogKeys(options.prefix);
  }

  /** One instance of the fleet each time. */
  get job(): PeriodicJob {
    return { name: 'pack-archives', everyMs, run: () => this.run() };
  }

  async run(): Promise<void> {
    const { redis, now, keepMs, logger } = this.#options;
    const { names } = finishedDays(now() - afterDayMs, keepMs);
    let left = packsOfTurn;
    let interactions = 0;
    // Today's is still written to.
    for (const day of names.slice(1).toReversed()) {
      const length = await redis.llen(`${this.#keys.finishedStem}${day}`);
      let done = Number((await redis.hget(this.#keys.packs, day)) ?? '0');
      for (; done < length && left > 0; left -= 1) {
        interactions += await this.#pack(day, done);
        done += packSize;
      }
    }
    await this.#dropDays(names);
    if (interactions > 0) logger.info('archive.packed', { interactions });
  }

  async #pack(day: string, done: number): Promise<number> {
    const { redis, now, keepMs } = this.#options;
    const { archiveStem, finishedStem, packStem, packs } = this.#keys;
    const end = done + packSize;
    const roots = await redis.lrange(`${finishedStem}${day}`, done, end - 1);
    const archives = await this.#archives(roots);
    const number = String(await redis.hincrby(packs, 'number', 1));
    const text = await writePack(archives.map(({ packed }) => packed));
    const dayEndMs = (Number(day) + 1) * dayMs;
    const leftMs = dayEndMs + archiveTtlSeconds(keepMs) * 1000 - now();
    const weeks = packWeeks(now(), keepMs);
    const args = [archiveStem, packStem, number, text, Math.max(1, Math.ceil(leftMs / 1000))];
    const place = [weeks.names[0] ?? '', weeks.newestTtlSeconds, day, end];
    const expected = archives.flatMap(({ root, head }) => [root, head]);
    const keys = [`${packStem}:${number}`, packs];
    return (await packScript(redis, keys, [...args, ...place, ...expected])) as number; // as documented
  }

  /** Those that are there and can be read; the others stay as they are. */
  async #archives(roots: readonly string[]): Promise<Archive[]> {
    if (roots.length === 0) return [];
    const { archiveStem } = this.#keys;
    const texts = await this.#options.redis.mgetBuffer(
      roots.map((root) => `${archiveStem}${root}`),
    );
    return roots.flatMap((root, at) => {
      const bytes = texts[at] ?? null;
      if (bytes === null || bytes.length > mostBytes) return [];
      try {
        const text = readArchiveText(bytes);
        const head = bytes.subarray(0, headBytes);
        return canBePacked(text) ? [{ root, head, packed: [root, text] }] : [];
      } catch (error) {
        if (error instanceof ArchiveDamage) return [];
        throw error;
      }
    });
  }

  async #dropDays(names: readonly string[]): Promise<void> {
    const { redis } = this.#options;
    const kept = new Set([...names, 'number']);
    const days = await redis.hkeys(this.#keys.packs);
    const old = days.filter((day) => !kept.has(day));
    if (old.length > 0) await redis.hdel(this.#keys.packs, ...old);
  }
}
