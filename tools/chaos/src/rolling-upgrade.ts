import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connectRedis,
  ledgerStreamKey,
  readSettings,
  redisSettingNames,
  silentLogger,
} from '@exrec/service-kit';
import { startRedis, waitFor } from '@exrec/testing';
import { startCalls } from './calls.js';
import { isReady, startFleet } from './fleet.js';
import { databaseWord, ledgerWord, type LedgerWord } from './ledger-word.js';
import { settledOutcome, type Outcome } from './outcome.js';
import { patience } from './patience.js';
import { clients, instancesOf, post, type RollingRestartOptions } from './rolling-restart.js';
import { upgradeSteps, type UpgradeStep } from './upgrade-steps.js';

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
  /** Undefined where the release before has none. */
  readonly ledger?: LedgerWord & {
    /** What the former ones said of their database when they were back, and how many changes waited for them. */
    readonly formerSaid: readonly string[];
    readonly waitedForFormer: number;
    /** Entries that no ledger could use. */
    readonly aside: number;
  };
};

const quietMs = 120_000;

/** From the release before to the present one and back under calls, one instance after the other. */
export async function runRollingUpgrade(
  options: RollingUpgradeOptions,
): Promise<RollingUpgradeResult> {
  const { former, balancer, aroundMs } = options;
  const server = await startRedis();
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  const redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
  const stream = ledgerStreamKey('{exrec}');
  const hasLedger = existsSync(join(former, 'ledger', 'main.js'));
  try {
    const fleet = await startFleet({
      redis: { REDIS_URL: server.url },
      settings: { EXREC_DRAIN_SECONDS: '5' },
      ledgers: hasLedger ? 2 : 0,
      ...{ balancer, builtApps: former, logDir: options.logDir },
    });
    try {
      const { url, kept } = await clients(fleet, options.connections);
      const calls = startCalls({
        ...{ fleet, perSecond: options.perSecond },
        send: (turn, path, body) => post(kept[turn % kept.length], url, path, body),
      });
      const replaced: string[] = [];
      const replace = async ({ kind, release }: UpgradeStep) => {
        for (const [name, current] of instancesOf(fleet)) {
          if (!name.startsWith(kind)) continue;
          await sleep(aroundMs);
          await current().kill('SIGTERM');
          await fleet.restart(current(), release === 'former' ? former : undefined);
          await waitFor(`${name} to be ready`, () => isReady(current().url), patience);
          replaced.push(name);
        }
      };
      const { there, back, again } = upgradeSteps(hasLedger);
      for (const step of [...there, ...back]) await replace(step);
      await sleep(aroundMs);
      const formerSaid = await Promise.all(fleet.ledgers.map(({ url: at }) => databaseWord(at)));
      const waitedForFormer = await redis.xlen(stream);
      for (const step of again) await replace(step);
      await sleep(aroundMs);
      await calls.finish();
      const outcome = await settledOutcome(fleet, calls.accepted, quietMs);
      for (const agent of kept) agent.destroy();
      const answers = Object.fromEntries([...calls.answers].toSorted());
      const result = { balancer, ...outcome, answers, replaced };
      if (!hasLedger) return result;
      const isTold = async () => (await redis.xlen(stream)) === 0;
      await waitFor('the ledger to be told of everything', isTold, patience);
      const word = await ledgerWord(fleet.ledgers[0]?.url ?? '', calls.accepted);
      const aside = await redis.xlen(`${stream}:aside`);
      return { ...result, ledger: { ...word, formerSaid, waitedForFormer, aside } };
    } finally {
      await fleet.stop();
    }
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

/** MCP saw success alone, nothing is lost, and the ledger knows all that was accepted and can explain it. */
export function isGoodUpgrade({ accepted, lost, answers, ledger }: RollingUpgradeResult): boolean {
  if (lost > 0 || Object.keys(answers).join() !== '200') return false;
  if (ledger === undefined) return true;
  const { missing, collected, unexplained, found, aside } = ledger;
  return missing + unexplained + aside === 0 && collected === accepted && found === accepted;
}
