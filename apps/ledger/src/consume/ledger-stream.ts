import { ledgerStreamKey, type RedisClient } from '@exrec/service-kit';
import type { RawEntry } from '../rows/entry.js';

/** All ledgers of the fleet share the entries as this group: each entry goes to one of them. */
const group = 'ledger';

export type LedgerStreamOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  /** Name of this ledger in the group; no other process may have it. */
  readonly consumer: string;
  readonly batchSize: number;
};

type Reply = readonly (readonly [string, readonly string[] | null])[];

/** The outbox of EXCP and EXRP, read as a consumer group. Errors of Redis reach the caller as they are. */
export class LedgerStream {
  readonly #options: LedgerStreamOptions;
  readonly #key: string;
  readonly #asideKey: string;

  constructor(options: LedgerStreamOptions) {
    this.#options = options;
    this.#key = ledgerStreamKey(options.prefix);
    this.#asideKey = `${this.#key}:aside`;
  }

  /** Makes the group, which begins with the oldest entry; nothing when it is there. */
  async join(): Promise<void> {
    try {
      await this.#options.redis.xgroup('CREATE', this.#key, group, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
  }

  /** Entries that nobody has had yet; waits up to `blockMs` for the first. */
  read(blockMs: number): Promise<RawEntry[]> {
    return this.#read('>', blockMs);
  }

  /** Entries that this ledger has had and not acknowledged. */
  readAgain(): Promise<RawEntry[]> {
    return this.#read('0', undefined);
  }

  /** Entries that another ledger has had for `idleMs` without acknowledging them: it may be dead. */
  async takeOver(idleMs: number): Promise<RawEntry[]> {
    const { redis, consumer, batchSize } = this.#options;
    const reply = await redis.xautoclaim(
      this.#key,
      group,
      consumer,
      idleMs,
      '0-0',
      'COUNT',
      batchSize,
    );
    const [, entries] = reply as [string, Reply];
    return this.#entries(entries);
  }

  /** Acknowledges entries and removes them: what is in the database is not needed here. */
  async acknowledge(entries: readonly RawEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const ids = entries.map(({ streamId }) => streamId);
    await this.#options.redis
      .multi()
      .xack(this.#key, group, ...ids)
      .xdel(this.#key, ...ids)
      .exec();
  }

  /** Keeps an entry that cannot be used, with its revision, and acknowledges it in the same step. */
  async setAside({ streamId, fields }: RawEntry, rev: number, reason: string): Promise<void> {
    const flat = Object.entries({ ...fields, rev: String(rev), reason }).flat();
    await this.#options.redis
      .multi()
      .xadd(this.#asideKey, '*', ...flat)
      .xack(this.#key, group, streamId)
      .xdel(this.#key, streamId)
      .exec();
  }

  /** Entries that were set aside, the oldest first. */
  async *aside(): AsyncGenerator<RawEntry> {
    let from = '-';
    for (;;) {
      const page = await this.#options.redis.xrange(this.#asideKey, from, '+', 'COUNT', 100);
      for (const entry of await this.#entries(page)) yield entry;
      const last = page.at(-1)?.[0];
      if (last === undefined) return;
      from = `(${last}`;
    }
  }

  async takeBack({ streamId }: RawEntry): Promise<void> {
    await this.#options.redis.xdel(this.#asideKey, streamId);
  }

  countAside(): Promise<number> {
    return this.#options.redis.xlen(this.#asideKey);
  }

  /** Removes ledgers of the group that are gone for good and have left nothing. */
  async dropTheDead(goneForMs: number): Promise<void> {
    const { redis, consumer } = this.#options;
    const reply = (await redis.xinfo('CONSUMERS', this.#key, group)) as (string | number)[][];
    for (const flat of reply) {
      const found = Object.fromEntries(
        flat.flatMap((name, index) => (index % 2 === 0 ? [[String(name), flat[index + 1]]] : [])),
      ) as Readonly<Record<string, string | number | undefined>>;
      const { name, pending, idle } = found;
      if (name !== consumer && pending === 0 && Number(idle) > goneForMs)
        await redis.xgroup('DELCONSUMER', this.#key, group, String(name));
    }
  }

  async #read(from: '>' | '0', blockMs: number | undefined): Promise<RawEntry[]> {
    const { redis, consumer, batchSize } = this.#options;
    const reply = (await (blockMs === undefined
      ? redis.xreadgroup('GROUP', group, consumer, 'COUNT', batchSize, 'STREAMS', this.#key, from)
      : redis.xreadgroup(
          'GROUP',
          group,
          consumer,
          'COUNT',
          batchSize,
          'BLOCK',
          blockMs,
          'STREAMS',
          this.#key,
          from,
        ))) as readonly (readonly [string, Reply])[] | null;
    return this.#entries(reply?.[0]?.[1] ?? []);
  }

  /** An entry without fields was removed by whoever had it before. */
  async #entries(reply: Reply): Promise<RawEntry[]> {
    const gone = reply.flatMap(([id, flat]) => (flat === null ? [id] : []));
    if (gone.length > 0) await this.#options.redis.xack(this.#key, group, ...gone);
    return reply.flatMap(([streamId, flat]) =>
      flat === null ? [] : [{ streamId, fields: pairs(flat) }],
    );
  }
}

function pairs(flat: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? '';
  return fields;
}
