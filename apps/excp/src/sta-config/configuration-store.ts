import { randomUUID } from 'node:crypto';
import { luaScript, type RedisClient } from '@exrec/service-kit';
import { parseSnapshot, serializeSnapshot, type StaSnapshot } from '@exrec/sta-resolver';
import { parsePullReport, type PullReport } from './pull-report.js';
import { parseUserIds, serializeUserIds, type UserIds } from './user-ids.js';
import claimLua from './lua/claim.lua';
import learnUsersLua from './lua/learn-users.lua';

/** What a pull brought, as all instances see it. */
export type StoredConfiguration = {
  /** Another one with each write. */
  readonly version: string;
  /** null: damaged, or in the form of another release. */
  readonly snapshot: StaSnapshot | null;
  readonly userIds: UserIds;
};

export type ConfigurationVersion = {
  readonly version: string | null;
  readonly lastPull: PullReport | null;
};

/** How the attempt that was claimed ended, and when the next one is due. Times in epoch ms. */
export type Settlement = {
  readonly nextPullAtMs: number;
  /** Attempts in a row that did not bring everything. */
  readonly failures: number;
  readonly report?: PullReport;
  readonly configuration?: { readonly snapshot: StaSnapshot; readonly userIds: UserIds };
};

export type ClaimRequest = {
  readonly nowMs: number;
  /** No next pull is ever further away than this. */
  readonly refreshMs: number;
  /** Now, whenever the next pull is due. */
  readonly early: boolean;
};

/** The claim of an instance that died in the middle of a pull ends after this. */
export const claimMs = 20_000;

const claimScript = luaScript(claimLua);
const learnUsersScript = luaScript(learnUsersLua);

/** GC's configuration in Redis: one hash, so that every change of it is one write. */
export class ConfigurationStore {
  readonly #redis: RedisClient;
  readonly #key: string;

  /** @param keyspace `keyspace()` of the settings */
  constructor(redis: RedisClient, keyspace: string) {
    this.#redis = redis;
    this.#key = `${keyspace}:sta-configuration`;
  }

  /** The cheap question: is there something new? */
  async readVersion(): Promise<ConfigurationVersion> {
    const [version, report] = await this.#redis.hmget(this.#key, 'version', 'lastPull');
    return { version: version ?? null, lastPull: parsePullReport(report ?? '') };
  }

  async read(): Promise<StoredConfiguration | null> {
    const fields = await this.#redis.hmget(this.#key, 'version', 'snapshot', 'userIds');
    const [version, snapshot, userIds] = fields;
    if (!version) return null;
    return {
      version,
      snapshot: parseSnapshot(snapshot ?? ''),
      userIds: parseUserIds(userIds ?? ''),
    };
  }

  /**
   * Whether the caller is the one to pull now.
   * @returns the number of failed attempts so far, or null: it is not due, or another instance is at it
   */
  async claim({ nowMs, refreshMs, early }: ClaimRequest): Promise<number | null> {
    const args = [nowMs, refreshMs, claimMs, nowMs + claimMs, early ? 1 : 0];
    const answer = Number(await claimScript(this.#redis, [this.#key], args));
    return answer < 0 ? null : answer;
  }

  /**
   * Adds users to the present configuration. A pull that is going on may take them back, then they are asked for again.
   * @returns whether there was a configuration
   */
  async learn(userIds: UserIds): Promise<boolean> {
    const args = [serializeUserIds(userIds), randomUUID()];
    return Number(await learnUsersScript(this.#redis, [this.#key], args)) === 1;
  }

  /** Keeps the claim of a pull that takes its time. */
  async prolong(nowMs: number): Promise<void> {
    await this.#redis.hset(this.#key, 'pullingUntilMs', nowMs + claimMs);
  }

  /** Ends the claim; a configuration takes the place of the present one in the same write. */
  async settle({ nextPullAtMs, failures, report, configuration }: Settlement): Promise<void> {
    await this.#redis.hset(this.#key, {
      pullingUntilMs: 0,
      nextPullAtMs,
      failures,
      ...(report && { lastPull: JSON.stringify(report) }),
      ...(configuration && {
        version: randomUUID(),
        snapshot: serializeSnapshot(configuration.snapshot),
        userIds: serializeUserIds(configuration.userIds),
      }),
    });
  }
}
