import { luaScript, nowLua, type RedisClient } from '@exrec/service-kit';
import * as z from 'zod';
import openLua from './lua/open.lua';
import readLua from './lua/read.lua';
import probedLua from './lua/probed.lua';

const probeSchema = z.object({
  /** The request for an upload URL of the recording that met the outage; asking again needs no audio. */
  fileName: z.string(),
  contentMd5: z.string(),
  /** It was the upload that did not get through. */
  isS3: z.boolean(),
});

/** What shows, without any audio, whether the other side is back. */
export type Probe = z.infer<typeof probeSchema>;

/** An outage of Genesys Cloud or S3, as the whole fleet sees it. */
export type GcOutage = {
  /** Epoch ms by Redis' clock. */
  readonly sinceMs: number;
  readonly lastedMs: number;
  readonly cause: string;
  /** Words for an operator. */
  readonly detail: string;
};

/** The fleet's state, and whether this instance has to look whether the other side is back. */
export type BreakerState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly outage: GcOutage }
  | {
      readonly kind: 'probe';
      readonly outage: GcOutage;
      readonly probe: Probe;
      /** How often it was probed, this time included. */
      readonly probes: number;
    };

/** Opens the breaker, unless it is open. */
const openScript = luaScript(nowLua, openLua);

/** How it stands; one caller at a time is told to probe. */
const checkScript = luaScript(nowLua, readLua);

const probedScript = luaScript(nowLua, probedLua);

/** Key of the breaker: while it exists, it is open. For scripts. */
export function breakerKey(prefix: string): string {
  return `${prefix}:gc-breaker`;
}

/** The one circuit breaker of the fleet, in Redis and by its clock. */
export class BreakerStore {
  readonly #redis: RedisClient;
  readonly #keys: readonly [string];

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string) {
    this.#redis = redis;
    this.#keys = [breakerKey(prefix)];
  }

  /** @returns whether it was closed before */
  async open(
    { cause, detail }: Pick<GcOutage, 'cause' | 'detail'>,
    { probe, firstProbeInMs }: { readonly probe: Probe; readonly firstProbeInMs: number },
  ): Promise<boolean> {
    const args = [cause, detail, JSON.stringify(probe), firstProbeInMs];
    return (await openScript(this.#redis, this.#keys, args)) === 1;
  }

  async read(probeMayTakeMs: number): Promise<BreakerState> {
    const reply = await checkScript(this.#redis, this.#keys, [probeMayTakeMs]);
    const [kind, since, now, cause = '', detail = '', probe = '', probes] = reply as string[]; // the script's documented reply
    if (kind === 'closed') return { kind };
    const sinceMs = Number(since);
    const outage = { sinceMs, lastedMs: Number(now) - sinceMs, cause, detail };
    return kind === 'probe'
      ? { kind, outage, probe: probeSchema.parse(JSON.parse(probe)), probes: Number(probes) }
      : { kind: 'open', outage };
  }

  /** The other side is back. */
  async close({ sinceMs }: GcOutage): Promise<void> {
    await probedScript(this.#redis, this.#keys, [sinceMs, -1]);
  }

  async probeAgainIn(ms: number, { sinceMs }: GcOutage): Promise<void> {
    await probedScript(this.#redis, this.#keys, [sinceMs, Math.round(ms)]);
  }
}
