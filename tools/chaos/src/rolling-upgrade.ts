import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, waitFor } from '@exrec/testing';
import { startCalls } from './calls.js';
import { isReady, startFleet } from './fleet.js';
import { settledOutcome, type Outcome } from './outcome.js';
import { patience } from './patience.js';
import { clients, instancesOf, post, type RollingRestartOptions } from './rolling-restart.js';

export type RollingUpgradeOptions = RollingRestartOptions & {
  /** The folder of the built apps of the release before. */
  readonly former: string;
};

export type RollingUpgradeResult = Outcome & {
  readonly balancer: string;
  /** What MCP got: status codes, and `none` where the connection broke. */
  readonly answers: Readonly<Record<string, number>>;
  /** The instances in the order in which they were replaced, there and back. */
  readonly replaced: readonly string[];
};

const quietMs = 120_000;

/**
 * From the release before to the present one and back under calls, one instance after the other, in the order of
 * docs/operate/upgrade.md: EXRP first and EXCP last, and back the other way round; a ledger stays where it is then.
 */
export async function runRollingUpgrade(
  options: RollingUpgradeOptions,
): Promise<RollingUpgradeResult> {
  const { former, balancer, aroundMs } = options;
  const redis = await startRedis();
  try {
    const fleet = await startFleet({
      redis: { REDIS_URL: redis.url },
      settings: { EXREC_DRAIN_SECONDS: '5' },
      ledgers: existsSync(join(former, 'ledger', 'main.js')) ? 2 : 0,
      ...{ balancer, builtApps: former, logDir: options.logDir },
    });
    try {
      const { url, kept } = await clients(fleet, options.connections);
      const calls = startCalls({
        ...{ fleet, perSecond: options.perSecond },
        send: (turn, path, body) => post(kept[turn % kept.length], url, path, body),
      });
      const replaced: string[] = [];
      const replace = async (kind: string, builtApps?: string) => {
        for (const [name, current] of instancesOf(fleet)) {
          if (!name.startsWith(kind)) continue;
          await sleep(aroundMs);
          await current().kill('SIGTERM');
          await fleet.restart(current(), builtApps);
          await waitFor(`${name} to be ready`, () => isReady(current().url), patience);
          replaced.push(name);
        }
      };
      for (const kind of ['exrp', 'ledger', 'excp']) await replace(kind);
      for (const kind of ['excp', 'exrp']) await replace(kind, former);
      await sleep(aroundMs);
      await calls.finish();
      const outcome = await settledOutcome(fleet, calls.accepted, quietMs);
      for (const agent of kept) agent.destroy();
      const answers = Object.fromEntries([...calls.answers].toSorted());
      return { balancer, ...outcome, answers, replaced };
    } finally {
      await fleet.stop();
    }
  } finally {
    await redis.stop();
  }
}
