import { performance } from 'node:perf_hooks';
import type { Redis } from 'ioredis';
import type { Logger } from '../log/logger.js';

/** A write that not enough replicas have. It may be there, and it may be lost. */
export class NotReplicated extends Error {
  constructor(why: string) {
    super(`NOREPLICAS ${why}`);
    this.name = 'NotReplicated';
  }
}

/** Who watches over the servers, and may put another in the place of the master. */
export type Overseers = {
  /** Whether they name this server as the master. */
  readonly isStillMaster: (connection: Redis) => Promise<boolean>;
  /** Whether each of them can be asked, names this server and is not about to replace it. */
  readonly isSteady?: (connection: Redis) => Promise<boolean>;
};

export type ReplicaStandingOptions = {
  /** `REDIS_WAIT_REPLICAS`, above 0. */
  readonly required: number;
  readonly graceMs: number;
  readonly overseers: Overseers;
  readonly logger: Logger;
};

/** Below the time a command may take, so that a slow replica is a refusal in time. */
const patienceMs = 1_000;
/** While no replica is connected waiting is in vain; one that is back answers within this. */
const alonePatienceMs = 10;
/** How often it is looked for further replicas. */
const checkEveryMs = 5_000;
/** A replica says every second how far it is. */
const longestLagSeconds = 2;

/** What is known of one server. */
type Standing = {
  readonly place: string;
  /** So many replicas have to have a write: those required, and those that were there of late. */
  expected: number;
  checkedAtMs: number;
  /** It was made sure that it is not about to be replaced, or waited for. */
  isSure: boolean;
  /** Since when fewer have it than expected; since when none is connected. */
  missingSinceMs: number | undefined;
  aloneSinceMs: number | undefined;
  /** Writes count although no replica has them. */
  isAccepted: boolean;
};

/**
 * What counts as written (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (9), docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (1)). Enough replicas are not all: in a failover one of them becomes the
 * master, and what only the others and the former master have is lost. So a replica that was there of late has to have
 * a write, too; one that is missing may just be taking over. Who watches over the servers is asked, or a while is
 * waited for. The same goes for a master without any replica.
 */
export class ReplicaStanding {
  readonly #options: ReplicaStandingOptions;
  #present: Standing | undefined;

  constructor(options: ReplicaStandingOptions) {
    this.#options = options;
  }

  /** What `WAIT` is to ask for. */
  question(connection: Redis): { readonly replicas: number; readonly withinMs: number } {
    const { expected, aloneSinceMs } = this.#standingOf(connection);
    const withinMs = aloneSinceMs === undefined ? patienceMs : alonePatienceMs;
    return { replicas: expected, withinMs };
  }

  /** For `ready`: in what way less is promised than usual. */
  remark(): string | undefined {
    return this.#present?.isAccepted === true
      ? 'no replica of Redis is connected: what is acknowledged is on one machine only'
      : undefined;
  }

  /** @throws NotReplicated when what was written on this connection does not count as acknowledged */
  async judge(connection: Redis, reached: number): Promise<void> {
    const standing = this.#standingOf(connection);
    if (reached >= standing.expected && standing.isSure) {
      this.#complete(standing, connection);
      return;
    }
    const connected = await this.#check(connection, standing);
    if (reached < this.#options.required) {
      await this.#judgeTooFew(connection, standing, { reached, connected });
      return;
    }
    standing.aloneSinceMs = undefined;
    if (reached < standing.expected || !standing.isSure)
      await this.#judgeMissing(connection, standing, reached);
  }

  async #judgeTooFew(
    connection: Redis,
    standing: Standing,
    { reached, connected }: { reached: number; connected: number },
  ): Promise<void> {
    const { required, graceMs, overseers, logger } = this.#options;
    if (connected > 0) {
      standing.aloneSinceMs = undefined;
      standing.isAccepted = false;
      throw new NotReplicated(`only ${reached} of ${required} replicas have the write`);
    }
    standing.aloneSinceMs ??= performance.now();
    if (performance.now() - standing.aloneSinceMs < graceMs)
      throw new NotReplicated('no replica is connected; this master may have been replaced');
    if (!(await overseers.isStillMaster(connection).catch(() => false)))
      throw new NotReplicated('no replica is connected, and nobody names this server as master');
    if (!standing.isAccepted) logger.warn('redis.no-replica', {});
    standing.isAccepted = true;
    standing.isSure = true;
    standing.expected = required;
  }

  /** Enough have it, but not all that might take over. */
  async #judgeMissing(connection: Redis, standing: Standing, reached: number): Promise<void> {
    const { required, graceMs, overseers } = this.#options;
    const sinceMs = (standing.missingSinceMs ??= performance.now());
    const isComplete = reached >= standing.expected;
    const { isSteady } = overseers;
    const isSure =
      isSteady === undefined ? isComplete : await isSteady(connection).catch(() => false);
    if (isSure) {
      standing.isSure = true;
      if (isComplete) standing.missingSinceMs = undefined;
      return;
    }
    if (performance.now() - sinceMs < graceMs)
      throw new NotReplicated('a replica is missing, or the Sentinels; another may be taking over');
    if (!(await overseers.isStillMaster(connection).catch(() => false)))
      throw new NotReplicated('a replica is missing, and nobody names this server as master');
    standing.isSure = true;
    standing.expected = Math.max(required, reached);
    standing.missingSinceMs = undefined;
  }

  #complete(standing: Standing, connection: Redis): void {
    if (standing.isAccepted) this.#options.logger.info('redis.replica-back', {});
    standing.isAccepted = false;
    standing.missingSinceMs = undefined;
    standing.aloneSinceMs = undefined;
    if (performance.now() - standing.checkedAtMs < checkEveryMs) return;
    void this.#check(connection, standing).catch(() => undefined);
  }

  /** @returns how many replicas are connected and keep up; those that are still loading their first copy don't count */
  async #check(connection: Redis, standing: Standing): Promise<number> {
    standing.checkedAtMs = performance.now();
    const info = await connection.info('replication');
    if (!/^role:master/m.test(info)) throw new NotReplicated('this is no master any more');
    const lags = info.matchAll(/^slave\d+:.*state=online.*lag=(\d+)/gm);
    const connected = [...lags].filter(([, lag]) => Number(lag) <= longestLagSeconds).length;
    standing.expected = Math.max(standing.expected, connected);
    return connected;
  }

  #standingOf({ stream: { remoteAddress, remotePort } }: Redis): Standing {
    const place = `${remoteAddress ?? ''}:${remotePort ?? ''}`;
    if (this.#present?.place !== place) {
      this.#present = {
        ...{ place, expected: this.#options.required, checkedAtMs: 0, isSure: false },
        isAccepted: false,
        ...{ missingSinceMs: undefined, aloneSinceMs: undefined },
      };
    }
    return this.#present;
  }
}
