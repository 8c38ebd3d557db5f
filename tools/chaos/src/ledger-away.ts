import { setTimeout as sleep } from 'node:timers/promises';
import { recordingIdOf } from '@exrec/gc-metadata';
import {
  connectRedis,
  ledgerStreamKey,
  readSettings,
  redisSettingNames,
  silentLogger,
} from '@exrec/service-kit';
import { startRedis, waitFor } from '@exrec/testing';
import { watchAbsences } from './absences.js';
import { startCalls } from './calls.js';
import { startFleet } from './fleet.js';
import { knownToLedger } from './ledger-word.js';
import { settledOutcome, type Outcome } from './outcome.js';

export type LedgerAwayOptions = {
  readonly perSecond: number;
  /** Calls before PostgreSQL goes away, and after it is back. */
  readonly aroundMs: number;
  readonly awayMs: number;
  readonly quietMs: number;
  readonly logDir?: string | undefined;
};

export type LedgerAwayResult = Outcome & {
  /** What EXCP answered; anything but 200 is a harm. */
  readonly answers: Readonly<Record<string, number>>;
  /** Longest time that EXCP or EXRP was not ready. */
  readonly longestAwayMs: number;
  /** How many had arrived in Genesys Cloud before PostgreSQL was back. */
  readonly arrivedMeanwhile: number;
  /** Changes that waited in Redis when it was back, and how long it took until none did. */
  readonly waitedInRedis: number;
  readonly caughtUpMs: number;
  /** Accepted recordings that the ledger does not know, in the end. */
  readonly missing: number;
};

/** PostgreSQL goes away under calls, and one ledger dies: nothing else may notice, and nothing may be missing after. */
export async function runLedgerAway(options: LedgerAwayOptions): Promise<LedgerAwayResult> {
  const server = await startRedis();
  const settings = readSettings(redisSettingNames, { REDIS_URL: server.url });
  const redis = connectRedis({ settings, role: 'worker', logger: silentLogger });
  const fleet = await startFleet({
    ...{ redis: { REDIS_URL: server.url }, ledgers: 2, logDir: options.logDir },
    // A ledger that is gone has left what it had to the other one.
    ...{ excps: 1, exrps: 1 },
  });
  try {
    const absences = watchAbsences([...fleet.excps, ...fleet.exrps].map(({ url }) => url));
    const calls = startCalls({ fleet, perSecond: options.perSecond });
    await sleep(options.aroundMs);
    await fleet.postgres?.kill();
    const [doomed] = fleet.ledgers;
    await doomed?.kill();
    const acceptedBefore = calls.accepted.size;
    await sleep(options.awayMs);
    const isGoingOn = () =>
      calls.accepted.size > acceptedBefore && fleet.gc.recordings().length > 0;
    await waitFor('metadata and recordings to be taken without PostgreSQL', isGoingOn);
    const arrivedMeanwhile = fleet.gc.recordings().length;
    const waiting = () => redis.xlen(ledgerStreamKey('{exrec}'));
    const waitedInRedis = await waiting();
    await fleet.postgres?.restart();
    const backAtMs = Date.now();
    // With calls going on there is always one or the other change on its way.
    const hasCaughtUp = async () => (await waiting()) < 10 * options.perSecond;
    await waitFor('the ledger to catch up', hasCaughtUp, { timeoutMs: 600_000 });
    const caughtUpMs = Date.now() - backAtMs;
    if (doomed !== undefined) await fleet.restart(doomed);
    await sleep(options.aroundMs);
    await calls.finish(options.quietMs);
    const longestAwayMs = await absences.longestMs();
    const outcome = await settledOutcome(fleet, calls.accepted, options.quietMs);
    await waitFor('nothing that waits', async () => (await waiting()) === 0, {
      timeoutMs: 600_000,
    });
    const known = await knownToLedger(fleet.ledgers[0]?.url ?? '');
    const missing = [...calls.accepted].filter((mediaId) => !known.has(recordingIdOf(mediaId)));
    return {
      ...outcome,
      ...{ longestAwayMs, arrivedMeanwhile, waitedInRedis, caughtUpMs },
      missing: missing.length,
      answers: Object.fromEntries([...calls.answers].toSorted()),
    };
  } finally {
    redis.disconnect();
    await fleet.stop();
    await server.stop();
  }
}
