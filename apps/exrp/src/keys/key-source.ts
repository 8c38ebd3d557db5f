import type { GcApi } from '@exrec/gc-api';
import { Failure, type Logger, type RedisClient } from '@exrec/service-kit';
import * as z from 'zod';
import type { GcKey, RecordingKeyEntity } from './gc-key.js';
import { keysView, type KeyView } from './keys-view.js';
import { parseGcKey } from './parse-gc-key.js';
import { selectKey } from './select-key.js';

export type KeySourceOptions = {
  readonly gc: Pick<GcApi, 'recordingKeys'>;
  readonly redis: RedisClient;
  /** `keyspace()` of the settings. */
  readonly prefix: string;
  readonly refreshMs: number;
  readonly logger: Logger;
  readonly now?: () => number;
  /** The key changed: its fingerprint is not the one used before. */
  readonly onChange?: () => void;
};

const storedSchema = z.object({
  fetchedAtMs: z.number(),
  fingerprint: z.string(),
  entities: z.array(
    z.object({
      id: z.string(),
      createDate: z.string().optional(),
      keydataSummary: z.string().optional(),
    }),
  ),
});
type Stored = z.infer<typeof storedSchema>;
type InUse = { readonly key: GcKey; readonly fetchedAtMs: number };

/** After a failed refresh GC is left alone for this long. Milliseconds. */
const retryRefreshMs = 5_000;
/** A GC that does not answer holds nobody up who has a key: it is used after this long. Milliseconds. */
const refreshPatienceMs = 1_000;

/**
 * The key to seal with: GC's newest, refreshed every `refreshMs`; the last good one, kept in Redis,
 * while GC is away (docs/design/CONTRACTS.md#34-gc-key, docs/design/DESIGN.md#decisions (7)).
 */
export class KeySource {
  readonly #options: KeySourceOptions;
  readonly #now: () => number;
  #inUse: InUse | undefined;
  #refreshing: Promise<GcKey> | undefined;
  #nextRefreshAtMs = 0;
  #isRejected = false;
  #lastFailure: Failure | undefined;

  constructor(options: KeySourceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * The key for the next recording.
   * @throws Failure (later) `no-key` or `key-invalid`; then nothing may be sent
   */
  async current(): Promise<GcKey> {
    const usable = this.#usable();
    if (this.#now() < this.#nextRefreshAtMs) {
      if (usable !== undefined) return usable;
      if (this.#lastFailure !== undefined) throw this.#lastFailure;
    }
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    if (usable === undefined || this.#isRejected) return this.#refreshing;
    return within(refreshPatienceMs, this.#refreshing, usable);
  }

  /** GC or a trial encryption refused the key: the next recording asks GC first. */
  reject(): void {
    this.#nextRefreshAtMs = 0;
    this.#isRejected = true;
  }

  /** Age of the last answer of GC that gave a usable key, milliseconds; `undefined` without one. */
  ageMs(): number | undefined {
    return this.#inUse === undefined ? undefined : this.#now() - this.#inUse.fetchedAtMs;
  }

  /** All keys as the fleet last got them from GC, for people. Errors of Redis reach the caller. */
  async view(): Promise<{ fetchedAtMs: number | undefined; items: KeyView[] }> {
    const stored = await this.#readStored();
    const inUse = this.#inUse?.key.fingerprint ?? stored?.fingerprint;
    const items = await keysView(stored?.entities ?? [], { inUse, nowMs: this.#now() });
    return { fetchedAtMs: stored?.fetchedAtMs, items };
  }

  async #refresh(): Promise<GcKey> {
    const { refreshMs, logger } = this.#options;
    const stored = await this.#readStored();
    if (this.#inUse === undefined && stored !== undefined) await this.#useStored(stored);
    if (stored !== undefined && this.#isNewsOfAnother(stored)) {
      const key = await this.#useStored(stored);
      if (key !== undefined) {
        this.#nextRefreshAtMs = stored.fetchedAtMs + refreshMs;
        this.#lastFailure = undefined;
        return key;
      }
    }
    try {
      const key = await this.#askGc(stored?.fingerprint);
      this.#nextRefreshAtMs = this.#now() + refreshMs;
      this.#lastFailure = undefined;
      return key;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#nextRefreshAtMs = this.#now() + retryRefreshMs;
      const lastGood = this.#usable();
      logger.warn('key.refresh-failed', {
        code: error.code,
        detail: error.detail,
        lastGood: lastGood?.keyId,
      });
      if (lastGood !== undefined) return lastGood;
      this.#lastFailure = isAboutKeys(error)
        ? error
        : Failure.later('no-key', { detail: `GC gave no key (${error.code})`, error });
      throw this.#lastFailure;
    }
  }

  /** Another instance has asked GC within the refresh time, and later than this one. */
  #isNewsOfAnother(stored: Stored): boolean {
    const isFresh = this.#now() - stored.fetchedAtMs < this.#options.refreshMs;
    // A rejected key is judged by GC alone: the other instance may not know that it was rejected.
    return isFresh && !this.#isRejected && stored.fetchedAtMs > (this.#inUse?.fetchedAtMs ?? 0);
  }

  async #askGc(knownFingerprint: string | undefined): Promise<GcKey> {
    const { gc, redis, prefix, logger, onChange } = this.#options;
    const entities = (await gc.recordingKeys()).map(({ id, createDate, keydataSummary }) => ({
      id,
      createDate: createDate ?? undefined,
      keydataSummary: keydataSummary ?? '',
    }));
    const { key, refused } = await selectKey(entities, this.#now()).catch(
      async (error: unknown) => {
        await this.#dropIfWithdrawn(entities);
        throw error;
      },
    );
    for (const { keyId, reason } of refused) logger.warn('key.refused', { keyId, reason });
    const before = this.#inUse?.key.fingerprint ?? knownFingerprint;
    if (before !== undefined && before !== key.fingerprint) {
      logger.warn('key.changed', { keyId: key.keyId, fingerprint: key.fingerprint, before });
      onChange?.();
    }
    this.#inUse = { key, fetchedAtMs: this.#now() };
    this.#isRejected = false;
    const stored: Stored = { fetchedAtMs: this.#now(), fingerprint: key.fingerprint, entities };
    // The copy is for a restart without GC; a Redis that cannot take it now is no reason not to seal.
    await redis
      .set(`${prefix}:gc-keys`, JSON.stringify(stored))
      .catch((error: unknown) => logger.warn('key.not-kept', { error }));
    return key;
  }

  /** The last good key is used on while GC gives none, but not once GC says of that key that its time is over. */
  async #dropIfWithdrawn(entities: readonly RecordingKeyEntity[]): Promise<void> {
    const { redis, prefix, logger } = this.#options;
    const entity = entities.find(({ id }) => id === this.#inUse?.key.keyId);
    const reason = entity && (await reasonAgainst(entity, this.#now()));
    // An entity that cannot be read may be a fault of that answer.
    if (reason === undefined || !/revoked|expired/i.test(reason)) return;
    this.#inUse = undefined;
    logger.error('key.withdrawn', { keyId: entity?.id, reason });
    await redis
      .del(`${prefix}:gc-keys`)
      .catch((error: unknown) => logger.warn('key.not-dropped', { error }));
  }

  async #readStored(): Promise<Stored | undefined> {
    const text = await this.#options.redis.get(`${this.#options.prefix}:gc-keys`);
    if (text === null) return undefined;
    const stored = parseCopy(text);
    // As good as none: GC is asked.
    if (stored === undefined) this.#options.logger.warn('key.copy-damaged');
    return stored;
  }

  async #useStored({ entities, fetchedAtMs }: Stored): Promise<GcKey | undefined> {
    try {
      const { key } = await selectKey(entities, this.#now());
      this.#inUse = { key, fetchedAtMs };
      return key;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return undefined;
    }
  }

  #usable(): GcKey | undefined {
    const key = this.#inUse?.key;
    if (key?.expiresAtMs !== undefined && key.expiresAtMs <= this.#now()) return undefined;
    return key;
  }
}

/** The result of `work`, or `otherwise` when it takes longer than `limitMs`; the work goes on. */
async function within<T>(limitMs: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), limitMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** Why an entity gives no key to use now; `undefined` when it does. */
async function reasonAgainst(
  entity: RecordingKeyEntity,
  nowMs: number,
): Promise<string | undefined> {
  try {
    await parseGcKey(entity, nowMs);
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.detail ?? error.code;
  }
}

function isAboutKeys({ code }: Failure): boolean {
  return code === 'key-invalid' || code === 'no-key';
}

function parseCopy(text: string): Stored | undefined {
  try {
    return storedSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
