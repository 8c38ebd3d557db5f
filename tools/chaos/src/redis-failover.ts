import { setTimeout as sleep } from 'node:timers/promises';
import type { StartedApp } from '@exrec/testing';
import { watchAbsences } from './absences.js';
import { startCalls } from './calls.js';
import { clusterVictim, inflict, sentinelVictim, type FaultName, type Victim } from './fault.js';
import { startFleet } from './fleet.js';
import { settledOutcome, type Outcome } from './outcome.js';

export type FailoverOptions = {
  readonly topology: 'sentinel' | 'sentinel-one-replica' | 'cluster';
  readonly fault: FaultName;
  readonly perSecond: number;
  /** Calls before the fault, and after it. */
  readonly aroundMs: number;
  /** How long nothing may arrive until what is missing is lost. */
  readonly quietMs: number;
  readonly logDir?: string | undefined;
};

export type FailoverResult = Outcome & {
  readonly topology: string;
  readonly fault: string;
  /** Longest time between two acknowledgements. */
  readonly longestPauseMs: number;
  /** Longest time that a service was not ready. */
  readonly longestAwayMs: number;
  readonly answers: Readonly<Record<string, number>>;
};

/** Runs a fleet under calls, does something to its Redis and counts what became of every recording. */
export async function runFailover(options: FailoverOptions): Promise<FailoverResult> {
  const victim = await victimOf(options.topology);
  try {
    const fleet = await startFleet({ redis: victim.settings, logDir: options.logDir });
    try {
      const services = [...fleet.excps, ...fleet.exrps];
      const absences = watchAbsences(services.map(({ url }) => url));
      const calls = startCalls({ fleet, perSecond: options.perSecond });
      await sleep(options.aroundMs);
      await inflict(options.fault, victim);
      await sleep(options.aroundMs);
      await Promise.race([calls.finish(options.quietMs), deathOf(services)]);
      const longestAwayMs = await absences.longestMs();
      const outcome = await settledOutcome(fleet, calls.accepted, options.quietMs);
      return {
        topology: options.topology,
        fault: options.fault,
        ...outcome,
        longestPauseMs: longestPause(calls.acceptedAtMs),
        longestAwayMs,
        answers: Object.fromEntries([...calls.answers].toSorted()),
      };
    } finally {
      await fleet.stop();
    }
  } finally {
    await victim.stop();
  }
}

function victimOf(topology: FailoverOptions['topology']): Promise<Victim> {
  if (topology === 'cluster') return clusterVictim();
  return sentinelVictim(topology === 'sentinel' ? 2 : 1);
}

/** @throws when one has ended by itself, with its last words */
async function deathOf(services: readonly StartedApp[]): Promise<void> {
  const one = await Promise.race(services.map((app) => app.ended.then(() => app)));
  throw new Error(`${one.url} has ended: ${one.output().slice(-1_000)}`);
}

function longestPause(timesMs: readonly number[]): number {
  const pauses = timesMs.slice(1).map((time, index) => time - (timesMs[index] ?? time));
  return Math.max(0, ...pauses);
}
