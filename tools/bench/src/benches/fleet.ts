import type { Bench } from '../bench.js';
import { Fleet, startInjectionRig } from '../injection/injection-rig.js';
import { callBytes, Recordings } from '../load/recordings.js';
import { figureOf } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';

const size = 4;
/** For each process, see `inject`. */
const warmUpRecordings = 400;

export const fleet: Bench = {
  name: 'fleet',
  subject: '4 EXRPs on one queue, recordings of 1.2 MB',
  baseline: '1 EXRP',
  async measure(context) {
    const { runs, recordings: wanted } = context.options;
    // None of the four may be without work.
    const count = Math.max(wanted, size);
    const rig = await startInjectionRig(context);
    const recordings = await Recordings.of(callBytes, rig.storageDir);
    const four = await Fleet.start(context, rig, { size, name: 'four' });
    const one = await Fleet.start(context, rig, { name: 'one' });
    const warmUp = Math.min(warmUpRecordings, count);
    await four.inject(await recordings.add(warmUp * size));
    await one.inject(await recordings.add(warmUp));
    const injectTogether = async () => four.inject(await recordings.add(count));
    const rounds = await inTurn(runs, {
      subject: injectTogether,
      baseline: async () => one.inject(await recordings.add(count)),
    });
    // Four programs cost more on two cores than one, whatever they are. What the queue adds is seen against these.
    const apart: Fleet[] = [];
    for (let number = 1; number <= size; number += 1)
      apart.push(await Fleet.start(context, rig, { name: `apart-${number}` }));
    const injectApart = async (files: readonly string[]) => {
      const share = Math.ceil(files.length / size);
      const samples = await Promise.all(
        apart.map((exrp, at) => exrp.inject(files.slice(at * share, (at + 1) * share))),
      );
      return { exrpCpuMs: mean(samples.map(({ exrpCpuMs }) => exrpCpuMs)) };
    };
    await injectApart(await recordings.add(warmUp * size));
    const sharing = await inTurn(runs, {
      subject: injectTogether,
      baseline: async () => injectApart(await recordings.add(count)),
    });
    const figure = figureOf.bind(undefined, 'fleet', rounds);
    return [
      figure({
        name: 'CPU time, EXRP and Redis',
        value: 'cpuMs',
        unit: 'ms/recording',
        goal: { of: 'ratio', atMost: 1.1 },
      }),
      figureOf('fleet', sharing, {
        name: 'CPU time, against a queue each',
        value: 'exrpCpuMs',
        unit: 'ms/recording',
        goal: { of: 'ratio', atMost: 1.1 },
      }),
      figure({ name: 'CPU time of Redis', value: 'redisCpuMs', unit: 'ms/recording' }),
      figure({ name: 'throughput on this machine', value: 'perSecond', unit: 'recordings/s' }),
    ];
  },
};

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
