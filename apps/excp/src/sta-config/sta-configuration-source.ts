import type { Check, Logger, Metrics, RedisClient } from '@exrec/service-kit';
import type { StaSnapshot } from '@exrec/sta-resolver';
import { ConfigurationStore, type StoredConfiguration } from './configuration-store.js';
import { configurationView, type ConfigurationView } from './configuration-view.js';
import { LoginLookup } from './login-lookup.js';
import { pullIfDue } from './pull-configuration.js';
import type { PullReport } from './pull-report.js';
import type { ConfigurationCalls } from './read-configuration.js';
import { addressOf, emailsOf, unknownLogins, userIdIn, type AgentMap } from './user-ids.js';

export type StaConfigurationOptions = {
  readonly gc: ConfigurationCalls;
  /** A `command` connection. */
  readonly redis: RedisClient;
  /** `keyspace()` of the settings. */
  readonly keyspace: string;
  /** `GC_CONFIG_REFRESH_SECONDS`, in ms. */
  readonly refreshMs: number;
  /** The `agent_map` in force. */
  readonly agentMap: () => AgentMap;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Epoch ms; default `Date.now`. */
  readonly now?: () => number;
  /** How soon this instance sees what another one pulled. Default 2 s. */
  readonly pollMs?: number;
};

/** Of an age that someone must be told of (docs/design/CONTRACTS.md#5-sta-rules). */
const oldMs = 60 * 60_000;
/** Before the first look succeeded, so that the last snapshot is there as soon as Redis is. */
const firstCheckMs = 100;
/** No more users are kept: logins come from the feed. */
const mostUsers = 20_000;

/**
 * GC's STA configuration: pulled by one instance of the fleet, kept in Redis, served by each instance
 * from a copy of its own, whatever happens to GC and Redis (docs/design/CONTRACTS.md#5-sta-rules).
 */
export class StaConfigurationSource {
  readonly #options: StaConfigurationOptions;
  readonly #store: ConfigurationStore;
  readonly #refreshMs: number;
  readonly #pollMs: number;
  readonly #now: () => number;
  readonly #stopping = new AbortController();
  readonly #logins: LoginLookup;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #hasChecked = false;
  #seenVersion: string | null = null;
  #present: StoredConfiguration | null = null;
  #lastPull: PullReport | null = null;
  #isOld = false;
  #isFirstTurn = true;
  /** The e-mails for which a pull was made before its time. */
  #hurriedFor = '';

  constructor(options: StaConfigurationOptions) {
    const { redis, keyspace, refreshMs, pollMs = 2_000, now = Date.now } = options;
    this.#options = options;
    this.#store = new ConfigurationStore(redis, keyspace);
    this.#refreshMs = Math.max(1, Math.round(refreshMs));
    this.#pollMs = Math.min(pollMs, this.#refreshMs);
    this.#now = now;
    this.#logins = new LoginLookup({
      ...{ gc: options.gc, store: this.#store, logger: options.logger },
      signal: this.#stopping.signal,
      onLearnt: () => this.#check(),
    });
    // Never read counts as infinitely old: one alert rule is enough.
    options.metrics.gaugeAtScrape(
      'exrec_sta_configuration_age_seconds',
      'age of the STA configuration read from Genesys Cloud; +Inf when there is none',
      () => (this.ageMs() ?? Infinity) / 1000,
    );
  }

  /**
   * For `startPeriodicJobs`. It runs more often than GC is asked: each turn pulls only when that is due, by period
   * or after a failure, and no other instance is at it.
   */
  get job(): {
    readonly name: string;
    readonly everyMs: number;
    readonly run: () => Promise<void>;
  } {
    const everyMs = Math.round(Math.min(Math.max(this.#refreshMs / 4, 250), 5_000));
    return { name: 'sta-configuration', everyMs, run: () => this.pullWhenDue() };
  }

  /** Loads the last snapshot, begins to follow changes, and has GC asked at once when there is none or it is old. */
  async start(): Promise<void> {
    await this.#follow();
  }

  /** Ends a pull on the way; to be called while Redis is still connected. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#logins.stop();
    await this.#turn?.catch(() => undefined);
  }

  /**
   * Pulls if it is due.
   * @throws when Redis can't be asked
   */
  pullWhenDue(): Promise<void> {
    this.#turn ??= this.#pullWhenDue().finally(() => (this.#turn = undefined));
    return this.#turn;
  }

  /** Whether the last snapshot was looked for in Redis. */
  hasChecked(): boolean {
    return this.#hasChecked;
  }

  /** null: there never was one, or it was not looked for yet. */
  snapshot(): StaSnapshot | null {
    return this.#present?.snapshot ?? null;
  }

  /** Since the snapshot was read from GC; null: there never was one. */
  ageMs(): number | null {
    const takenAtMs = this.snapshot()?.takenAtMs;
    return takenAtMs === undefined ? null : Math.max(0, this.#now() - takenAtMs);
  }

  /**
   * The GC user of an Engage agent, by the `agent_map`, else by a login that is an e-mail; null: unknown in GC, or not
   * read yet; undefined: GC is being asked for this login.
   */
  userIdOf(agentId: string): string | null | undefined {
    const agentMap = this.#options.agentMap();
    const known = this.#present?.userIds;
    if (known === undefined) return userIdIn(agentMap, new Map(), agentId);
    const address = addressOf(agentMap, agentId);
    const isNew = address !== undefined && !known.has(address) && known.size < mostUsers;
    if (isNew) return this.#logins.want(address) ? undefined : null;
    return userIdIn(agentMap, known, agentId);
  }

  /** For `GET /api/v1/configuration`. */
  view(): ConfigurationView {
    return configurationView({
      snapshot: this.snapshot(),
      ageMs: this.ageMs(),
      lastPull: this.#lastPull,
      unknownLogins: unknownLogins(this.#options.agentMap(), this.#present?.userIds ?? new Map()),
    });
  }

  /** For `Health.addCheck`: never down, for collection goes on without it (docs/design/CONTRACTS.md#9-clarifications (9)). */
  readonly check: Check = () => {
    const ageMs = this.ageMs();
    if (ageMs === null) return { degraded: 'no GC configuration yet' };
    const minutes = Math.floor(ageMs / 60_000);
    return ageMs > oldMs ? { degraded: `GC configuration is ${minutes} minutes old` } : undefined;
  };

  async #pullWhenDue(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    await this.#check();
    const emails = emailsOf(this.#options.agentMap());
    const { gc, logger } = this.#options;
    const early = this.#isHurried(emails);
    const pulled = await pullIfDue(
      {
        gc,
        logger,
        store: this.#store,
        refreshMs: this.#refreshMs,
        now: this.#now,
        signal: this.#stopping.signal,
      },
      { emails: this.#withLogins(emails), present: this.#present, early },
    );
    this.#isFirstTurn = false;
    if (!pulled) return;
    this.#hurriedFor = emails.join();
    await this.#check();
  }

  /** Logins of nobody are forgotten, to be asked for when they are met again. */
  #withLogins(emails: readonly string[]): string[] {
    const known = [...(this.#present?.userIds ?? [])];
    const found = known.flatMap(([email, id]) => (id === null ? [] : [email]));
    return [...new Set([...emails, ...found])];
  }

  /**
   * A restart is how an operator says "try again", so it does not wait for the back-off of earlier attempts.
   * E-mails that are new in the `agent_map` are asked for at once, but only once.
   */
  #isHurried(emails: readonly string[]): boolean {
    const lastWasWhole = this.#lastPull?.fault === null && this.#lastPull.missing.length === 0;
    if (this.#isFirstTurn && (this.snapshot() === null || !lastWasWhole)) return true;
    const known = this.#present?.userIds;
    return !emails.every((email) => known?.has(email)) && emails.join() !== this.#hurriedFor;
  }

  async #follow(): Promise<void> {
    try {
      await this.#check();
      if (!this.#hasChecked) {
        this.#hasChecked = true;
        // Without waiting for the first turn of the job, which mends it if this one fails.
        this.pullWhenDue().catch((error: unknown) => {
          this.#options.logger.warn('sta-configuration.not-pulled', { error });
        });
      }
    } catch (error) {
      this.#options.logger.debug('sta-configuration.not-looked', { error });
    }
    this.#watchAge();
    if (this.#stopping.signal.aborted) return;
    const waitMs = this.#hasChecked ? this.#pollMs : Math.min(firstCheckMs, this.#pollMs);
    this.#timer = setTimeout(() => void this.#follow(), waitMs);
  }

  /** Takes over what another instance pulled. What can't be read never replaces what we have. */
  async #check(): Promise<void> {
    const { version, lastPull } = await this.#store.readVersion();
    this.#lastPull = lastPull ?? this.#lastPull;
    if (version === null || version === this.#seenVersion) return;
    const stored = await this.#store.read();
    if (stored === null) return;
    this.#seenVersion = stored.version;
    if (stored.snapshot === null) {
      this.#options.logger.warn('sta-configuration.stored-in-unknown-form');
      return;
    }
    this.#present = stored;
  }

  #watchAge(): void {
    const ageMs = this.ageMs();
    const isOld = ageMs !== null && ageMs > oldMs;
    if (isOld === this.#isOld) return;
    this.#isOld = isOld;
    const ageSeconds = Math.round((ageMs ?? 0) / 1000);
    if (isOld) this.#options.logger.warn('sta-configuration.old', { ageSeconds });
    else this.#options.logger.info('sta-configuration.fresh-again', { ageSeconds });
  }
}
