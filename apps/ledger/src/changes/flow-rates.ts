import type { RedisClient } from '@exrec/service-kit';
import { flowSteps, noFlow, type Flow } from '../rows/flow.js';

const minuteMs = 60_000;
/** Long enough to be calm, short enough to tell that something has stopped. */
const windowMinutes = 5;
const keptSeconds = (windowMinutes + 2) * 60;

/**
 * How many recordings a minute take each step, whichever ledger of the fleet brought them in: a count for each minute
 * in Redis, so that nobody has to count rows.
 */
export class FlowRates {
  readonly #redis: RedisClient;
  readonly #keyOf: (minute: number) => string;
  readonly #now: () => number;

  /** @param prefix `keyspace()` of the settings */
  constructor(redis: RedisClient, prefix: string, now: () => number) {
    this.#redis = redis;
    this.#keyOf = (minute) => `${prefix}:ledger:flow:${minute}`;
    this.#now = now;
  }

  /** A count that is lost with Redis is one of the last minutes only. */
  async record(flow: Flow): Promise<void> {
    const key = this.#keyOf(Math.floor(this.#now() / minuteMs));
    const taken = flowSteps.filter((step) => flow[step] > 0);
    if (taken.length === 0) return;
    const pipeline = this.#redis.pipeline();
    for (const step of taken) pipeline.hincrby(key, step, flow[step]);
    await pipeline.expire(key, keptSeconds).exec();
  }

  /** Of the last minutes, the one that runs included. */
  async perMinute(): Promise<Flow> {
    const nowMs = this.#now();
    const present = Math.floor(nowMs / minuteMs);
    const minutes = Array.from({ length: windowMinutes + 1 }, (_, back) => present - back);
    const found = await Promise.all(
      minutes.map((minute) => this.#redis.hgetall(this.#keyOf(minute))),
    );
    const spanMinutes = windowMinutes + (nowMs % minuteMs) / minuteMs;
    const rates = flowSteps.map((step) => {
      const sum = found.reduce((so, counts) => so + Number(counts[step] ?? 0), 0);
      return [step, Math.round((sum / spanMinutes) * 10) / 10];
    });
    return { ...noFlow, ...(Object.fromEntries(rates) as Partial<Flow>) };
  }
}
