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

/** Below the time a command may take, so that a slow replica is a refusal in time. */
const patienceMs = 1_000;
/** While no replica is connected waiting is in vain; one that is back answers within this. */
const alonePatienceMs = 10;
/** How often Sentinel or Cluster is asked while no replica is connected. */
const namedForMs = 2_000;

export type ReplicaStandingOptions = {
  /** `REDIS_WAIT_REPLICAS`, above 0. */
  readonly required: number;
  readonly graceMs: number;
  /** Whether Sentinel or Cluster name this server as the master, now. */
  readonly isStillMaster: (connection: Redis) => Promise<boolean>;
  readonly logger: Logger;
};

type Alone = { readonly place: string; readonly sinceMs: number; isAccepted: boolean };

/**
 * What counts as written when replicas are missing (CONTRACTS 17.1). With at least one connected, `WAIT` decides. A
 * master without any may have been replaced without knowing it: writes are refused for a while, and accepted after
 * that when it is still the one that is named.
 */
export class ReplicaStanding {
  readonly required: number;
  readonly #options: ReplicaStandingOptions;
  #alone: Alone | undefined;
  #named: { readonly untilMs: number; readonly answer: Promise<boolean> } | undefined;

  constructor(options: ReplicaStandingOptions) {
    this.required = options.required;
    this.#options = options;
  }

  /** For `WAIT`. */
  patienceMs(): number {
    return this.#alone === undefined ? patienceMs : alonePatienceMs;
  }

  /** For `ready`: in what way less is promised than usual. */
  remark(): string | undefined {
    return this.#alone?.isAccepted === true
      ? 'no replica of Redis is connected: what is acknowledged is on one machine only'
      : undefined;
  }

  /** @throws NotReplicated when what was written on this connection does not count as acknowledged */
  async judge(connection: Redis, reached: number): Promise<void> {
    if (reached >= this.required) {
      this.#leaveAlone();
      return;
    }
    const { role, connected } = await this.#ask(connection);
    if (role !== 'master') throw new NotReplicated('this is no master any more');
    if (connected > 0) {
      this.#leaveAlone();
      throw new NotReplicated(`only ${reached} of ${this.required} replicas have the write`);
    }
    const alone = this.#aloneAt(placeOf(connection));
    if (performance.now() - alone.sinceMs < this.#options.graceMs)
      throw new NotReplicated('no replica is connected; this master may have been replaced');
    if (!(await this.#isStillNamed(connection)))
      throw new NotReplicated('no replica is connected, and nobody names this server as master');
    if (!alone.isAccepted) this.#options.logger.warn('redis.no-replica', {});
    alone.isAccepted = true;
  }

  #leaveAlone(): void {
    if (this.#alone?.isAccepted === true) this.#options.logger.info('redis.replica-back', {});
    this.#alone = undefined;
  }

  #aloneAt(place: string): Alone {
    if (this.#alone?.place !== place)
      this.#alone = { place, sinceMs: performance.now(), isAccepted: false };
    return this.#alone;
  }

  /** Replicas that are still loading their first copy don't count. */
  async #ask(connection: Redis): Promise<{ role: string | undefined; connected: number }> {
    const info = await connection.info('replication');
    const role = /^role:(\w+)/m.exec(info)?.[1];
    return { role, connected: info.match(/^slave\d+:.*state=online/gm)?.length ?? 0 };
  }

  #isStillNamed(connection: Redis): Promise<boolean> {
    const nowMs = performance.now();
    if (this.#named === undefined || nowMs > this.#named.untilMs) {
      const answer = this.#options.isStillMaster(connection).catch(() => false);
      this.#named = { untilMs: nowMs + namedForMs, answer };
    }
    return this.#named.answer;
  }
}

function placeOf({ stream: { remoteAddress, remotePort } }: Redis): string {
  return `${remoteAddress ?? ''}:${remotePort ?? ''}`;
}
