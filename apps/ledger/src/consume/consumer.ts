import { setTimeout as sleep } from 'node:timers/promises';
import { crashPoint, type Logger } from '@exrec/service-kit';
import { isDatabaseAway, sqlState, type Db } from '../database/connect.js';
import { NewerSchema } from '../database/migrations.js';
import { readEntry, revisionOf, type Entry, type RawEntry } from '../rows/entry.js';
import type { NumberRule } from '../rows/phone-numbers.js';
import type { Flow } from '../rows/flow.js';
import { writeEntries, type BatchResult } from '../rows/row-writer.js';
import type { ConsumerMetrics } from './consumer-metrics.js';
import type { LedgerStream } from './ledger-stream.js';

export type ConsumerOptions = {
  readonly db: Db;
  readonly stream: LedgerStream;
  readonly numbers: NumberRule;
  readonly metrics: ConsumerMetrics;
  readonly logger: Logger;
  /** Entries that another ledger has had for so long are taken over. */
  readonly takeOverAfterMs: number;
  /** Whether the schema is as this program needs it; it reads nothing before. */
  readonly isReady: () => boolean;
  /** Told when it no longer is: a later release has changed it meanwhile. */
  readonly onNewerSchema: () => void;
  /** Told of what is in the database now. */
  readonly onCommitted: (kinds: ReadonlySet<Entry['kind']>, flow: Flow) => void;
};

type Readable = { readonly raw: RawEntry; readonly entry: Entry };

const blockMs = 1_000;
const retryMs = 1_000;
const dropAfterMs = 3_600_000;

/** Brings the stream into the database: a batch is acknowledged when it is committed, and not before. */
export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  /** Entries may be left from an attempt that failed, or from before a restart. */
  #hasLeftovers = true;
  #hasJoined = false;
  #tookOverAtMs = 0;
  #isReported = false;

  constructor(options: ConsumerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { logger, isReady, onNewerSchema } = this.#options;
    while (!signal.aborted) {
      try {
        if (isReady()) {
          await this.#turn();
          if (this.#isReported) logger.info('ledger.consuming');
          this.#isReported = false;
          continue;
        }
      } catch (error) {
        this.#hasLeftovers = true;
        // Redis may have lost the group with everything else.
        this.#hasJoined = false;
        if (!this.#isReported) logger.warn('ledger.not-consuming', { error });
        this.#isReported = true;
        if (error instanceof NewerSchema) onNewerSchema();
      }
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #turn(): Promise<void> {
    const { stream, takeOverAfterMs } = this.#options;
    if (!this.#hasJoined) {
      await stream.join();
      await stream.dropTheDead(dropAfterMs);
      await this.#tryAsideAgain();
      this.#hasJoined = true;
    }
    if (this.#hasLeftovers) {
      const leftovers = await stream.readAgain();
      await this.#bring(leftovers);
      this.#hasLeftovers = leftovers.length > 0;
      return;
    }
    if (Date.now() - this.#tookOverAtMs > takeOverAfterMs / 2) {
      const orphans = await stream.takeOver(takeOverAfterMs);
      if (orphans.length > 0)
        this.#options.logger.info('ledger.took-over', { entries: orphans.length });
      await this.#bring(orphans);
      if (orphans.length === 0) this.#tookOverAtMs = Date.now();
    }
    await this.#bring(await stream.read(blockMs));
  }

  async #bring(raws: readonly RawEntry[]): Promise<void> {
    if (raws.length === 0) return;
    const readable: Readable[] = [];
    for (const raw of raws) {
      const reading = readEntry(raw);
      if (reading.kind === 'ok') readable.push({ raw, entry: reading.entry });
      else await this.#setAside(raw, reading.reason);
    }
    await this.#write(readable);
  }

  /** What the database refuses is found by halves, so that it alone is set aside. */
  async #write(batch: readonly Readable[]): Promise<void> {
    if (batch.length === 0) return;
    const { db, stream, numbers, metrics } = this.#options;
    let result: BatchResult;
    try {
      const startedAtMs = Date.now();
      result = await writeEntries(
        db,
        batch.map(({ entry }) => entry),
        numbers,
      );
      metrics.written(batch.length, result.stale, Date.now() - startedAtMs);
    } catch (error) {
      const state = sqlState(error);
      if (isDatabaseAway(error) || state === undefined || !isRefusalOfData(state)) throw error;
      const [first] = batch;
      if (batch.length === 1 && first !== undefined) {
        await this.#setAside(first.raw, reasonOf(error, state));
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await this.#write(batch.slice(0, half));
      await this.#write(batch.slice(half));
      return;
    }
    crashPoint('ledger-after-commit');
    await stream.acknowledge(batch.map(({ raw }) => raw));
    this.#options.onCommitted(new Set(batch.map(({ entry }) => entry.kind)), result.flow);
  }

  async #setAside(raw: RawEntry, reason: string): Promise<void> {
    const { stream, db, logger, metrics } = this.#options;
    const { rev } = raw.fields;
    const [kind, id] = [nameOf(raw.fields.k), nameOf(raw.fields.id)];
    const revision = rev === undefined ? revisionOf(raw.streamId) : Number(rev);
    await db
      .insertInto('set_aside')
      .values({ rev: revision, kind, id, reason, at: new Date() })
      .onConflict((conflict) =>
        conflict.columns(['kind', 'id']).doUpdateSet({ rev: revision, reason, at: new Date() }),
      )
      .execute();
    await stream.setAside(raw, revision, reason);
    metrics.setAside();
    logger.error('ledger.set-aside', { kind, id, reason });
  }

  /** A later release may understand what an earlier one could not. */
  async #tryAsideAgain(): Promise<void> {
    const { stream, db, numbers, logger } = this.#options;
    for await (const raw of stream.aside()) {
      const reading = readEntry(raw);
      if (reading.kind !== 'ok') continue;
      const { kind, id } = reading.entry;
      try {
        await writeEntries(db, [reading.entry], numbers);
      } catch (error) {
        if (isDatabaseAway(error)) throw error;
        continue;
      }
      await stream.takeBack(raw);
      await db.deleteFrom('set_aside').where('kind', '=', kind).where('id', '=', id).execute();
      logger.info('ledger.taken-back', { kind, id });
    }
  }
}

/** Data exceptions, broken constraints, and what is too long for an index; anything else is no fault of the row. */
function isRefusalOfData(state: string): boolean {
  return /^(22|23|54)/.test(state);
}

/** The name of the constraint: never a value. */
function reasonOf(error: unknown, state: string): string {
  const hasName = error instanceof Error && 'constraint' in error;
  return hasName && typeof error.constraint === 'string' ? error.constraint : `SQLSTATE ${state}`;
}

/** As far as it can be one: what is set aside may have anything in its place. */
function nameOf(text = 'unknown'): string {
  return text.replaceAll('\u0000', '').slice(0, 128);
}
