import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { startSystem, type System } from '@exrec/chaos';
import type { Bench, BenchContext } from '../bench.js';
import { figureOf } from '../measure/figure.js';
import { step, type Step } from './capacity-step.js';
import { whereItGives } from './capacity-usage.js';

/** From the end of a call until S3 has its recording. */
const tolerableMs = 30_000;
/** What the vendor counts on for 1,000 agents. */
const firstPerSecond = 5;
const stepFactor = 1.4;
const leastPerSecond = 1;
/** A machine that keeps up at this rate is beyond what one process that plays the calls can tell. */
const mostPerSecond = 400;

/**
 * How many calls a second the whole system takes on this machine: MCP, bridge, load balancer, two of each service,
 * Redis, PostgreSQL, storage, Genesys Cloud and S3, all on the same cores.
 */
export const capacity: Bench = {
  name: 'capacity',
  subject:
    'the whole system on this machine, calls a second until p99 from end to upload passes 30 s',
  baseline: 'nothing',
  async measure(context) {
    process.env.EXREC_TEST_BUNDLES = resolve(
      context.root,
      context.options.bundleDir ?? 'dist',
      'apps',
    );
    const system = await startSystem({
      ...{ form: 'single', balancer: 'nginx', keepObjects: false, isDirect: true },
      settings: { EXCP_SETTLE_SECONDS: '2', EXRP_REPORT_INTERVAL_MINUTES: '1' },
    });
    context.cleanUp(() => system.stop());
    const { kept, gave } = await highestRate(system, context);
    if (gave !== undefined) {
      const cores = availableParallelism();
      context.say(`  gives at ${gave.perSecond.toFixed(1)} calls/s: ${whereItGives(gave, cores)}`);
    }
    const cpuMs = kept === undefined ? 0 : (ownCores(kept) * 1_000) / kept.perSecond;
    const sample = { perSecond: kept?.perSecond ?? 0, ms: kept?.ms ?? 0, cpuMs };
    const figure = figureOf.bind(undefined, 'capacity', { subject: [sample], baseline: [] });
    return [
      figure({
        ...{ name: 'calls a second', value: 'perSecond', unit: 'calls/s' },
        goal: { of: 'value', atLeast: 50 },
      }),
      figure({ name: 'p99 at that rate, end of call → upload', value: 'ms', unit: 'ms' }),
      figure({ name: 'CPU time, everything included', value: 'cpuMs', unit: 'ms/call' }),
    ];
  },
};

type Found = { readonly kept?: Step; readonly gave?: Step };

/** The highest rate that is kept up, and the lowest that is not: up from the first one, or down where that is too much. */
async function highestRate(system: System, context: BenchContext): Promise<Found> {
  const at = async (rate: number) => {
    const found = await step(system, rate, context.options.stepSeconds * 1_000);
    context.say(`  ${stepLine(found)}`);
    return found;
  };
  // Until V8 has compiled it, work costs twice as much.
  await step(system, leastPerSecond, context.options.stepSeconds * 1_000);
  let found: Found = {};
  for (let rate = firstPerSecond; rate <= mostPerSecond; rate *= stepFactor) {
    const next = await at(rate);
    if (!isKeptUp(next)) {
      found = { ...found, gave: next };
      break;
    }
    found = { kept: next };
  }
  for (let rate = firstPerSecond / stepFactor; found.kept === undefined; rate /= stepFactor) {
    if (rate < leastPerSecond) break;
    const next = await at(rate);
    found = isKeptUp(next) ? { ...found, kept: next } : { gave: next };
  }
  return found;
}

function isKeptUp({ ms, keptUpP99Ms }: Step): boolean {
  return ms <= tolerableMs && keptUpP99Ms <= tolerableMs;
}

function ownCores({ shares }: Step): number {
  return shares.reduce((sum, { cores }) => sum + cores, 0);
}

function stepLine(found: Step): string {
  const { perSecond, ms, keptUpP99Ms, missing, shares, machineShare } = found;
  const seconds = (value: number) => `${(value / 1_000).toFixed(1)} s`;
  const busiest = shares.slice(0, 5).map(({ name, cores }) => `${name} ${cores.toFixed(2)}`);
  return (
    `${perSecond.toFixed(1)} calls/s: p99 ${seconds(ms)}, after five minutes ${seconds(keptUpP99Ms)}, ` +
    `${missing} not uploaded; cores busy ${machineShare.toFixed(2)}, own ${ownCores(found).toFixed(2)}: ` +
    busiest.join(', ')
  );
}
