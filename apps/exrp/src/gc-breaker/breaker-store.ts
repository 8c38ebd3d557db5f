import { luaScript, type RedisClient } from '@exrec/service-kit';
import * as z from 'zod';

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
export type BreakerLook =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly outage: GcOutage }
  | {
      readonly kind: 'probe';
      readonly outage: GcOutage;
      readonly probe: Probe;
      /** How often it was probed, this time included. */
      readonly probes: number;
    };

const nowFunction = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Opens the breaker, unless it is open.
 * KEYS[1] the breaker (hash). ARGV: cause, detail, probe as JSON, ms until the first probe. Returns 1, or 0 when it was open.
 */
const openScript = luaScript(`${nowFunction}
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'sinceMs', now, 'cause', ARGV[1], 'detail', ARGV[2], 'probe', ARGV[3], 'probeAtMs', now + ARGV[4])
return 1
`);

/**
 * How it stands; one caller at a time is told to probe.
 * KEYS[1]. ARGV: ms that a probe may take. Returns {'closed'}, or {'open' or 'probe', since, now, cause, detail, probe, probes}.
 */
const lookScript = luaScript(`${nowFunction}
local seen = redis.call('HMGET', KEYS[1], 'sinceMs', 'cause', 'detail', 'probe', 'probeAtMs')
if not seen[1] then return {'closed'} end
local kind = 'open'
local probes = 0
if now >= tonumber(seen[5]) then
  kind = 'probe'
  probes = redis.call('HINCRBY', KEYS[1], 'probes', 1)
  redis.call('HSET', KEYS[1], 'probeAtMs', now + ARGV[1])
end
return {kind, seen[1], tostring(now), seen[2], seen[3], seen[4], tostring(probes)}
`);

/** KEYS[1]. ARGV: since (of the outage that was probed), ms until the next probe, or -1 when the other side is back. */
const probedScript = luaScript(`${nowFunction}
if redis.call('HGET', KEYS[1], 'sinceMs') ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) < 0 then return redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'probeAtMs', now + ARGV[2])
return 1
`);

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

  async look(probeMayTakeMs: number): Promise<BreakerLook> {
    const reply = await lookScript(this.#redis, this.#keys, [probeMayTakeMs]);
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
