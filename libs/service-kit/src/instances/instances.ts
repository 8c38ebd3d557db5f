import { hostname } from 'node:os';
import * as z from 'zod';
import { buildInfo } from '../about/build-info.js';
import type { Health } from '../health/health.js';
import type { RedisClient } from '../redis/connect-redis.js';

/** An instance of a service as it last said of itself. */
const instanceSchema = z.object({
  version: z.string(),
  status: z.string(),
  findings: z.array(z.object({ check: z.string(), reason: z.string() })),
  seenAtMs: z.number(),
});

export type Instance = z.infer<typeof instanceSchema> & {
  readonly service: string;
  /** Host and port; the port tells instances of one host apart. */
  readonly id: string;
};

const everyMs = 10_000;
/** By then a service that has just begun is ready, if it can be. */
const firstAfterMs = 500;
/** One that has not said anything for so long is gone. */
const goneAfterMs = 30_000;
/** One that has been gone for so long is not spoken of any more. */
const forgottenAfterMs = 3_600_000;

const keyOf = (prefix: string) => `${prefix}:instances`;

export type AnnounceOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly service: string;
  readonly port: number;
  readonly health: Health;
  readonly now: () => number;
};

/** Says every few seconds that this instance is here and how it is, until it is stopped. */
export class InstanceAnnouncement {
  readonly #options: AnnounceOptions;
  readonly #field: string;
  #timer: NodeJS.Timeout | undefined;
  #first: NodeJS.Timeout | undefined;

  constructor(options: AnnounceOptions) {
    this.#options = options;
    this.#field = `${options.service}/${hostname()}:${options.port}`;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#say(), everyMs);
    this.#first ??= setTimeout(() => void this.#say(), firstAfterMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#first);
    const { redis, prefix } = this.#options;
    await redis.hdel(keyOf(prefix), this.#field).catch(() => undefined);
  }

  async #say(): Promise<void> {
    const { redis, prefix, health, now } = this.#options;
    const { status, checks } = await health.readiness();
    const findings = Object.entries(checks).flatMap(([check, result]) =>
      result.status === 'up' ? [] : [{ check, reason: result.reason }],
    );
    const said = { version: buildInfo.version, status, findings, seenAtMs: now() };
    // Without Redis nobody could read it anyway.
    await redis.hset(keyOf(prefix), this.#field, JSON.stringify(said)).catch(() => undefined);
  }
}

/** All instances of the fleet, those too that went away within the last hour without saying so. */
export async function readInstances(
  redis: RedisClient,
  prefix: string,
  nowMs: number,
): Promise<Instance[]> {
  const fields = await redis.hgetall(keyOf(prefix));
  const instances: Instance[] = [];
  const forgotten: string[] = [];
  for (const [field, text] of Object.entries(fields)) {
    const said = instanceSchema.safeParse(parsed(text)).data;
    if (said === undefined || nowMs - said.seenAtMs > forgottenAfterMs) {
      forgotten.push(field);
      continue;
    }
    const at = field.indexOf('/');
    const isGone = nowMs - said.seenAtMs > goneAfterMs;
    const status = isGone ? 'gone' : said.status;
    instances.push({ service: field.slice(0, at), id: field.slice(at + 1), ...said, status });
  }
  if (forgotten.length > 0) await redis.hdel(keyOf(prefix), ...forgotten);
  return instances.sort((left, right) =>
    `${left.service}/${left.id}`.localeCompare(`${right.service}/${right.id}`),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
