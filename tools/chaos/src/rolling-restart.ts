import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, waitFor, type LoadBalancerName, type StartedApp } from '@exrec/testing';
import { startCalls } from './calls.js';
import { isReady, startFleet, type Fleet } from './fleet.js';
import { settledOutcome, type Outcome } from './outcome.js';

export type RollingRestartOptions = {
  readonly balancer: LoadBalancerName;
  readonly perSecond: number;
  /** How many connections MCP keeps, each used in turn. */
  readonly connections: number;
  /** Calls before the first restart, between two, and after the last. */
  readonly aroundMs: number;
  readonly logDir?: string | undefined;
};

export type RollingRestartResult = Outcome & {
  readonly balancer: string;
  /** What MCP got: status codes, and `none` where the connection broke. */
  readonly answers: Readonly<Record<string, number>>;
  /** From SIGTERM to the end of each instance: under calls, and with nothing to do. */
  readonly stopMs: Readonly<Record<string, number>>;
  readonly idleStopMs: Readonly<Record<string, number>>;
};

/** Restarts every instance, one after the other, behind a load balancer with the file that is shipped for it. */
export async function runRollingRestart(
  options: RollingRestartOptions,
): Promise<RollingRestartResult> {
  const redis = await startRedis();
  try {
    const fleet = await startFleet({
      redis: { REDIS_URL: redis.url },
      // As shipped: the load balancer needs time to notice.
      settings: { EXREC_DRAIN_SECONDS: '5' },
      ledgers: 2,
      balancer: options.balancer,
      logDir: options.logDir,
    });
    try {
      const { url, kept } = await clients(fleet, options.connections);
      const calls = startCalls({
        ...{ fleet, perSecond: options.perSecond },
        send: (turn, path, body) => post(kept[turn % kept.length], url, path, body),
      });
      await sleep(options.aroundMs);
      const stopMs: Record<string, number> = {};
      for (const [name, current] of instancesOf(fleet)) {
        stopMs[name] = await stopTime(current());
        await fleet.restart(current());
        await waitFor(`${name} to be ready`, () => isReady(current().url));
        await sleep(options.aroundMs);
      }
      await calls.finish();
      const outcome = await settledOutcome(fleet, calls.accepted, 60_000);
      const idleStopMs: Record<string, number> = {};
      for (const [name, current] of instancesOf(fleet))
        idleStopMs[name] = await stopTime(current());
      for (const agent of kept) agent.destroy();
      return {
        balancer: options.balancer,
        ...outcome,
        answers: Object.fromEntries([...calls.answers].toSorted()),
        stopMs,
        idleStopMs,
      };
    } finally {
      await fleet.stop();
    }
  } finally {
    await redis.stop();
  }
}

/** Connections that are kept for as long as the other end keeps them, and where they lead. */
export async function clients({ balancer }: Fleet, count: number) {
  const url = balancer?.origins.excp ?? '';
  await waitFor('an EXCP behind the load balancer', () => isReady(url));
  return {
    url,
    kept: Array.from({ length: count }, () => new Agent({ keepAlive: true, maxSockets: 1 })),
  };
}

export function instancesOf(fleet: Fleet): [string, () => StartedApp][] {
  return (['excps', 'exrps', 'ledgers'] as const).flatMap((kind) =>
    fleet[kind].map((_app, index): [string, () => StartedApp] => [
      `${kind.slice(0, -1)}-${index + 1}`,
      () => {
        const app = fleet[kind][index];
        if (app === undefined) throw new Error('the fleet has got smaller');
        return app;
      },
    ]),
  );
}

async function stopTime(app: StartedApp): Promise<number> {
  const toldAtMs = Date.now();
  await app.kill('SIGTERM');
  return Date.now() - toldAtMs;
}

/** One attempt, without a hidden second one: what breaks is told. */
export function post(
  agent: Agent | undefined,
  url: string,
  path: string,
  { headers, body }: { headers: Record<string, string>; body: string },
): Promise<string> {
  return new Promise((resolve) => {
    const options = { method: 'POST', headers, timeout: 30_000, ...(agent ? { agent } : {}) };
    const asked = request(`${url}${path}`, options, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(String(answer.statusCode)));
      answer.once('error', () => resolve('none'));
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve('none'));
    asked.end(body);
  });
}
