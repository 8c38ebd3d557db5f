import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCalls, startSystem, type System } from '@exrec/chaos';
import { recordingIdOf } from '@exrec/gc-metadata';
import { sampleCalls, type PlayedScenario } from '@exrec/simulator';
import type { Bench, BenchContext } from '../bench.js';
import { figureOf } from '../measure/figure.js';
import { quantile } from '../measure/median.js';
import { cpuMs } from '../measure/process-usage.js';

/** From the end of a call until S3 has its recording. */
const tolerableMs = 30_000;
const firstPerSecond = 5;
const stepFactor = 1.4;
/** A machine that keeps up at this rate is beyond what one process that plays the calls can tell. */
const mostPerSecond = 400;
/** What is late by more than this is not waited for. */
const patienceMs = 2 * tolerableMs;

/**
 * How many calls a second the whole system takes on this machine: MCP, bridge, load balancer, two of each service,
 * Redis, PostgreSQL, storage, Genesys Cloud and S3, all on the same cores. The vendor counts on 5 for 1,000 agents.
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
    let reached = { perSecond: 0, ms: 0, cpuMs: 0 };
    for (let rate = firstPerSecond; rate <= mostPerSecond; rate *= stepFactor) {
      const { sample, line } = await step(system, rate, context);
      context.say(`  ${line}`);
      if (sample.ms > tolerableMs) break;
      reached = sample;
    }
    const figure = figureOf.bind(undefined, 'capacity', { subject: [reached], baseline: [] });
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

/** Calls at one rate, and what became of them. */
async function step(system: System, perSecond: number, { options }: BenchContext) {
  const before = usage(system);
  const fromMs = Date.now();
  const endedAtMs = new Map<PlayedScenario, number>();
  const calls = startCalls({
    ...{ system, seed: fromMs, perSecond, speed: Infinity },
    scenarios: sampleCalls().filter(({ name }) => name === 'queue-call'),
    onPlayed: (call) => void endedAtMs.set(call, Date.now()),
  });
  await sleep(options.stepSeconds * 1_000);
  calls.end();
  const forMs = Date.now() - fromMs;
  const shares = shareOf(before, usage(system), forMs);
  await calls.finished(patienceMs).catch(() => undefined);
  await untilUploaded(system, calls.played);
  const latenciesMs = latencies(system, endedAtMs);
  const missing = calls.begun() - latenciesMs.length;
  const all = [...latenciesMs, ...Array.from({ length: missing }, () => Infinity)];
  const ms = quantile(all, 0.99);
  const played = calls.begun() / (forMs / 1_000);
  const cpu = shares.reduce((sum, { share }) => sum + share, 0);
  const busiest = shares.slice(0, 5).map(({ name, share }) => `${name} ${share.toFixed(2)}`);
  return {
    sample: { perSecond: played, ms, cpuMs: (cpu * 1_000) / played },
    line:
      `${played.toFixed(1)} calls/s: p99 ${(ms / 1_000).toFixed(1)} s, ${missing} not uploaded; ` +
      `cores busy ${cpu.toFixed(2)}: ${busiest.join(', ')}`,
  };
}

function usage(system: System): ReadonlyMap<string, number> {
  const pids = new Map<string, number>([['calls and Genesys Cloud', process.pid]]);
  for (const [name, { pid }] of system.instances) if (pid !== undefined) pids.set(name, pid);
  const redis = system.redis.single?.pid();
  if (redis !== undefined) pids.set('Redis', redis);
  return new Map([...pids].map(([name, pid]) => [name, cpuMs(pid)]));
}

/** Cores that each process kept busy, most first. PostgreSQL and nginx work in children, which are not counted. */
function shareOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  forMs: number,
) {
  return [...after]
    .map(([name, ms]) => ({ name, share: (ms - (before.get(name) ?? 0)) / forMs }))
    .sort((left, right) => right.share - left.share);
}

async function untilUploaded({ gc }: System, played: readonly PlayedScenario[]): Promise<void> {
  const giveUpAtMs = Date.now() + patienceMs;
  const wanted = idsOf(played);
  while (Date.now() < giveUpAtMs) {
    const arrived = new Set(gc.recordings().map(({ recordingId }) => recordingId));
    if (wanted.every((id) => arrived.has(id))) return;
    await sleep(500);
  }
}

function latencies({ gc }: System, endedAtMs: ReadonlyMap<PlayedScenario, number>): number[] {
  const uploadedAtMs = new Map(
    gc.recordings().map(({ recordingId, uploadedAt }) => [recordingId, Date.parse(uploadedAt)]),
  );
  return [...endedAtMs].flatMap(([call, endedMs]) =>
    idsOf([call]).flatMap((id) => {
      const atMs = uploadedAtMs.get(id);
      return atMs === undefined ? [] : [atMs - endedMs];
    }),
  );
}

function idsOf(played: readonly PlayedScenario[]): string[] {
  return played.flatMap(({ segments }) => segments.map(({ mediaId }) => recordingIdOf(mediaId)));
}
