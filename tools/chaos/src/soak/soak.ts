import { setTimeout as sleep } from 'node:timers/promises';
import { sampleCalls } from '@exrec/simulator';
import * as z from 'zod';
import { startCalls, type Calls } from '../load/calls.js';
import { ask } from '../oracle/ask.js';
import { unlessAborted } from '../run/ended-early.js';
import { startSystem, type System } from '../system/system.js';
import { growthsOf, growthTable } from './growth.js';
import { collecting } from './memory.js';
import { sampleOf, type Sample } from './sample.js';

export type SoakOptions = {
  readonly minutes: number;
  readonly perSecond: number;
  readonly say: (line: string) => void;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
};

const sampleEveryMs = 60_000;
const drainMs = 300_000;
/** A record is made small five minutes after the ledger has it; a connection that nobody uses is closed after a minute. */
const restMs = 420_000;
/** What waits or failed is kept for days; a site has few of it. */
const ends = new Set(['delivered', 'out-of-scope']);
/** A machine that is behind by so many seconds of calls is given no more: a backlog is no leak, but looks like one. */
const playedSeconds = 3;
const underWaySeconds = 8;

const proofSchema = z.object({
  ...{ collected: z.number(), outOfScope: z.number(), confirmed: z.number() },
  ...{ failed: z.number(), unexplained: z.number(), sentence: z.string() },
});
type Proof = z.infer<typeof proofSchema>;

/** An ordinary day without any fault: nothing may grow but what is meant to. Gives whether that is so. */
export async function soak(options: SoakOptions): Promise<boolean> {
  const system = await startSystem({
    form: 'single',
    balancer: 'nginx',
    keepObjects: false,
    isDirect: true,
    nodeArgs: collecting,
    settings: {
      EXCP_SETTLE_SECONDS: '2',
      EXCP_QUIET_PERIOD_SECONDS: '30',
      EXRP_REPORT_INTERVAL_MINUTES: '1',
      EXRP_DELETE_WHEN: 'confirmed',
    },
  });
  try {
    return await unlessAborted(options.signal, watch(system, options));
  } finally {
    await system.stop();
  }
}

async function watch(system: System, { minutes, perSecond, say }: SoakOptions): Promise<boolean> {
  let toArrive = 0;
  const isBehind = () => toArrive - system.gc.recordings().length > underWaySeconds * perSecond;
  const first = await sampleOf(system, 0);
  const calls = startCalls({
    ...{ system, seed: Date.now(), perSecond },
    scenarios: sampleCalls().filter(({ steps }) =>
      steps.every((step) => !('expect' in step) || ends.has(step.expect.state)),
    ),
    catchesUp: true,
    mayBegin: (open) => open < playedSeconds * perSecond && !isBehind(),
    onPlayed: ({ segments }) => {
      toArrive += segments.filter(({ expected }) => expected.state === 'delivered').length;
    },
  });
  const samples: Sample[] = [first];
  const startMs = Date.now();
  const endMs = startMs + minutes * 60_000;
  while (Date.now() < endMs) {
    await sleep(Math.min(sampleEveryMs, endMs - Date.now()));
    samples.push(await sampleOf(system, calls.begun()));
    say(minuteLine(samples, calls, startMs));
  }
  calls.end();
  const rate = calls.begun() / ((Date.now() - startMs) / 1_000);
  await calls.finished(drainMs);
  const proof = await proven(system);
  await sleep(restMs);
  const growths = growthsOf(samples, await sampleOf(system, calls.begun()));
  say(growthTable(growths));
  const rates = `${rate.toFixed(1)} a second of ${perSecond}`;
  say(`${calls.begun()} calls, ${rates}. ${proof?.sentence ?? 'no proof'}`);
  return isAllThere(proof) && growths.every(({ isFlat }) => isFlat !== false);
}

function minuteLine(samples: readonly Sample[], { begun, answers }: Calls, startMs: number) {
  const { atMs = startMs, values = new Map<string, number>() } = samples.at(-1) ?? {};
  const shown = [...values].map(([name, value]) => {
    const isCount = name.includes(' handles');
    return `${name} ${isCount ? value : `${(value / 1_000_000).toFixed(2)} MB`}`;
  });
  const said = [...answers].map(([what, count]) => `${what}: ${count}`).join(' ');
  const minutes = ((atMs - startMs) / 60_000).toFixed(1);
  return `${minutes} min, ${begun()} calls, ${said}; ${shown.join(', ')}`;
}

/** What the ledger says when the last recording is confirmed, or when no more are. */
async function proven({ urls }: System): Promise<Proof | undefined> {
  const giveUpAtMs = Date.now() + drainMs;
  for (;;) {
    const proof = await ask(
      `${urls.ledger}/api/v1/proof?from=2020-01-01&to=2100-01-01`,
      proofSchema,
    ).catch(() => undefined);
    if (isAllThere(proof) || Date.now() > giveUpAtMs) return proof;
    await sleep(5_000);
  }
}

function isAllThere(proof: Proof | undefined): boolean {
  const { collected = 0, confirmed = 0, outOfScope = 0 } = proof ?? {};
  return collected > 0 && confirmed + outOfScope === collected;
}
