import { recordingIdOf } from '@exrec/gc-metadata';
import { waitFor } from '@exrec/testing';
import type { Bench } from '../bench.js';
import { Fleet, startInjectionRig } from '../injection/injection-rig.js';
import { callBytes, Recordings } from '../load/recordings.js';
import { figureOf, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';
import { median, quantile } from '../measure/median.js';

const idleRecordings = 50;
const warmUpRecordings = 600;

/**
 * From the acceptance by EXRP until S3 has the recording. What comes before, EXCP's settling time of 2 s, is a constant
 * that would only make the ratio look better.
 */
export const latency: Bench = {
  name: 'latency',
  subject: 'accepted → uploaded, 1.2 MB, arriving at half of the throughput; p99',
  baseline: 'the median of the same recording on an idle EXRP',
  async measure(context) {
    const { runs, recordings: count } = context.options;
    const rig = await startInjectionRig(context);
    const recordings = await Recordings.of(callBytes, rig.storageDir);
    const exrp = await Fleet.start(context, rig);
    await exrp.inject(await recordings.add(Math.min(warmUpRecordings, count * 2)));
    const { perSecond } = await exrp.inject(await recordings.add(count));
    const rounds = await inTurn(runs, {
      subject: async () => arriving(exrp, await recordings.add(count), perSecond / 2),
      baseline: async () => alone(exrp, await recordings.add(Math.min(idleRecordings, count))),
    });
    const figure = figureOf.bind(undefined, 'latency', rounds);
    return [
      figure({
        name: 'p99 against the idle median',
        value: 'ms',
        unit: 'ms',
        goal: { of: 'ratio', atMost: 4 },
      }),
      figure({ name: 'median', value: 'medianMs', unit: 'ms' }),
    ];
  },
};

async function arriving(exrp: Fleet, files: readonly string[], perSecond: number): Promise<Sample> {
  await exrp.acceptEvenly(files, perSecond);
  const latenciesMs = await Promise.all(files.map((file) => latencyMs(exrp, file)));
  return { ms: quantile(latenciesMs, 0.99), medianMs: median(latenciesMs) };
}

async function alone(exrp: Fleet, files: readonly string[]): Promise<Sample> {
  const latenciesMs: number[] = [];
  for (const file of files) {
    await exrp.accept([file]);
    latenciesMs.push(await latencyMs(exrp, file));
  }
  return { ms: median(latenciesMs), medianMs: median(latenciesMs) };
}

/** By the record's own times, so that this bench's polling is no part of it. */
function latencyMs(exrp: Fleet, file: string): Promise<number> {
  const record = exrp.key(`injection:${recordingIdOf(file)}`);
  return waitFor(
    file,
    async () => {
      const [from, to] = await exrp.redis.hmget(record, 'acceptedAtMs', 'uploadedAtMs');
      return typeof from === 'string' && typeof to === 'string' && Number(to) - Number(from);
    },
    { timeoutMs: 60_000, everyMs: 20 },
  );
}
