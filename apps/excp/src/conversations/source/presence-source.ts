import type { GcApi, PresenceSource } from '@exrec/gc-api';
import { Failure, type Logger, type PeriodicJob, type RedisClient } from '@exrec/service-kit';
import { conversationKeys } from '../store/conversation-keys.js';

export type PresenceSourceOptions = {
  readonly gc: Pick<GcApi, 'presenceSources' | 'createPresenceSource'>;
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  /** `EXCP_GC_SOURCE`: id or name */
  readonly wanted: string | undefined;
  readonly logger: Logger;
};

/** GC allows one source for each organization at present, so it is seldom made. */
export const ourSourceName = 'EX Engage Connector';
const checkEveryMs = 5_000;
const followEveryMs = 1_000;

export type SourceChoice =
  | { readonly kind: 'found'; readonly source: PresenceSource }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear'; readonly problem: string };

/** Which of GC's active sources stands for Engage (docs/design/CONVERSATIONS.md#24-field-values). Pure. */
export function chooseSource(
  sources: readonly PresenceSource[],
  wanted: string | undefined,
): SourceChoice {
  if (wanted !== undefined) {
    const source = sources.find(({ id, name }) => id === wanted || name === wanted);
    return source === undefined
      ? {
          kind: 'unclear',
          problem: 'Genesys Cloud has no active source as EXCP_GC_SOURCE names it',
        }
      : { kind: 'found', source };
  }
  const users = sources.filter(({ type }) => type === 'User');
  const [only] = users;
  if (only === undefined) return { kind: 'none' };
  if (users.length === 1) return { kind: 'found', source: only };
  const named = users.find(({ name }) => name === ourSourceName);
  return named === undefined
    ? { kind: 'unclear', problem: 'there are several presence sources: set EXCP_GC_SOURCE' }
    : { kind: 'found', source: named };
}

/** The presence source that our events name: looked up by one instance of the fleet, kept in Redis. */
export class EngageSource {
  readonly #options: PresenceSourceOptions;
  readonly #key: string;
  readonly #field: string;
  readonly #refusedField: string;
  #id: string | undefined;
  #refused: string | undefined;
  #problem: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: PresenceSourceOptions) {
    this.#options = options;
    this.#key = conversationKeys(options.prefix).source;
    // Another setting asks again.
    this.#field = `id:${options.wanted ?? ''}`;
    this.#refusedField = `refused:${options.wanted ?? ''}`;
  }

  /** Its id; undefined: not known yet. */
  get id(): string | undefined {
    return this.#id;
  }

  /** GC has refused it in an event, and still names it as ours: what it refuses for that is refused for good. */
  get isDoubted(): boolean {
    return this.#id !== undefined && this.#id === this.#refused;
  }

  /** Why it is not known, in words for an operator. */
  get problem(): string | undefined {
    return this.#id === undefined
      ? (this.#problem ?? 'the presence source is not known yet')
      : undefined;
  }

  /** For `startPeriodicJobs`. */
  get job(): PeriodicJob {
    return { name: 'presence-source', everyMs: checkEveryMs, run: () => this.check() };
  }

  /** Follows what another instance has found. Redis may be away. */
  async start(): Promise<void> {
    await this.#follow().catch(() => undefined);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.start(), followEveryMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /**
   * Asks GC unless it is known; makes the source where there is none.
   * @throws when Redis can't be asked
   */
  async check(): Promise<void> {
    const { gc, redis, wanted, logger } = this.#options;
    await this.#follow();
    if (this.#id !== undefined) return;
    try {
      let choice = chooseSource(await gc.presenceSources(), wanted);
      if (choice.kind === 'none') {
        const source = await gc.createPresenceSource(ourSourceName);
        logger.info('presence-source.created', { sourceId: source.id });
        choice = { kind: 'found', source };
      }
      if (choice.kind === 'unclear') {
        this.#report(choice.problem);
        return;
      }
      await redis.hset(this.#key, this.#field, choice.source.id);
      await this.#follow();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#report(`the presence source cannot be read: ${error.detail ?? error.code}`);
    }
  }

  /** GC refuses this one: the source is asked for again. */
  async drop(sourceId: string): Promise<void> {
    if (this.#id !== sourceId) return;
    this.#id = undefined;
    const { redis } = this.#options;
    await redis.hset(this.#key, this.#refusedField, sourceId);
    await redis.hdel(this.#key, this.#field);
  }

  async #follow(): Promise<void> {
    const { redis } = this.#options;
    const [id, refused] = await redis.hmget(this.#key, this.#field, this.#refusedField);
    this.#id = id ?? undefined;
    this.#refused = refused ?? undefined;
    if (this.#id !== undefined) this.#problem = undefined;
  }

  #report(problem: string): void {
    if (problem !== this.#problem)
      this.#options.logger.warn('presence-source.unknown', { problem });
    this.#problem = problem;
  }
}
