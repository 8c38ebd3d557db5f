import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '@exrec/simulator';
import { liveThrough } from '../faults/inflict.js';
import { startCalls } from '../load/calls.js';
import { endQuietCalls } from '../load/end-quiet-calls.js';
import { oracle, type Judgement } from '../oracle/oracle.js';
import type { Violation } from '../oracle/seen.js';
import type { PlannedFault, RedisForm } from '../plan/fault.js';
import { patience } from '../patience.js';
import { planOf } from '../plan/plan.js';
import { startSystem, type System } from '../system/system.js';
import { unlessAborted } from './ended-early.js';
import { faultLine } from './words.js';

export type RunOptions = {
  readonly seed: number;
  readonly seconds: number;
  readonly form: RedisForm;
  readonly perSecond: number;
  /** Instead of what the seed says. */
  readonly faults?: readonly PlannedFault[];
  readonly scenarios?: readonly Scenario[];
  readonly say: (line: string) => void;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
  /** Where the logs go when something is wrong; called before anything is removed. */
  readonly keep?: ((logDir: string) => Promise<void>) | undefined;
};

/** Besides success, MCP and a bridge may be answered "later"; 502 and 504 are the balancer's words for a broken link. */
const rightAnswers = new Set(['200', '201', '202', '204', '502', '503', '504', 'none']);

/** Plays calls while the faults of the seed happen, heals everything, and lets the oracle speak. */
export async function run(options: RunOptions): Promise<Judgement> {
  const { seed, seconds, form, say } = options;
  const plan = planOf({ seed, seconds, form });
  const faults = options.faults ?? plan.faults;
  say(`seed ${seed}, ${form}, ${plan.balancer}, ${faults.length} faults in ${seconds} s`);
  for (const each of faults) say(`  ${faultLine(each)}`);
  const system = await startSystem({ form, balancer: plan.balancer });
  try {
    const judged = await unlessAborted(options.signal, liveAndJudge(system, faults, options));
    if (judged.violations.length > 0) await options.keep?.(system.logDir);
    return judged;
  } catch (error) {
    await options.keep?.(system.logDir);
    throw error;
  } finally {
    await system.stop();
  }
}

async function liveAndJudge(
  system: System,
  faults: readonly PlannedFault[],
  { seed, seconds, perSecond, scenarios, say }: RunOptions,
): Promise<Judgement> {
  const calls = startCalls({
    ...{ system, seed, perSecond },
    ...(scenarios === undefined ? {} : { scenarios }),
  });
  await Promise.all([sleep(seconds * 1_000), ...happenings(faults, system)]);
  calls.end();
  await system.untilReady();
  // MCP and the bridge have everything off their hands by then.
  await calls.finished(patience.timeoutMs);
  await endQuietCalls(calls.played, system);
  say(`healed: ${calls.begun()} calls, answers ${answersLine(calls.answers)}`);
  const refusals = refusalsOf(faults);
  const judged = await oracle({ system, calls: calls.played, refusals, say });
  return { ...judged, violations: [...wrongAnswers(calls.answers), ...judged.violations] };
}

/** Each fault at its time, but never before the one before it on the same process or link is healed. */
function happenings(faults: readonly PlannedFault[], system: System): Promise<void>[] {
  const healed = new Map<string, Promise<void>>();
  return faults.map(({ atMs, forMs, fault }) => {
    const before = healed.get(fault.who);
    const happening = sleep(atMs).then(async () => {
      await before;
      await liveThrough(fault, forMs, system);
    });
    healed.set(fault.who, happening);
    return happening;
  });
}

/** How many dead letters of which cause the faults may rightly have made. */
function refusalsOf(faults: readonly PlannedFault[]): ReadonlyMap<string, number> {
  const refusals = new Map<string, number>();
  for (const { fault } of faults) {
    if (fault.kind !== 'genesys-cloud' || fault.refuses === undefined) continue;
    const { cause, atMost } = fault.refuses;
    refusals.set(cause, (refusals.get(cause) ?? 0) + atMost);
  }
  return refusals;
}

function wrongAnswers(answers: ReadonlyMap<string, number>): Violation[] {
  return [...answers]
    .filter(([what]) => !rightAnswers.has(what))
    .map(([what, count]) => ({ name: 'wrong-answer', detail: `${what}, ${count} times` }));
}

function answersLine(answers: ReadonlyMap<string, number>): string {
  return [...answers].map(([what, count]) => `${what}: ${count}`).join(', ');
}
