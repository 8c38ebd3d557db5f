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
    const { runs, recordings: count } = context.options;
    const rig = await startInjectionRig(context);
    const recordings = await Recordings.of(callBytes, rig.storageDir);
    const four = await Fleet.start(context, rig, { size, name: 'four' });
    const one = await Fleet.start(context, rig, { name: 'one' });
    const warmUp = Math.min(warmUpRecordings, count);
    await four.inject(await recordings.add(warmUp * size));
    await one.inject(await recordings.add(warmUp));
    const rounds = await inTurn(runs, {
      subject: async () => four.inject(await recordings.add(count)),
      baseline: async () => one.inject(await recordings.add(count)),
    });
    const figure = figureOf.bind(undefined, 'fleet', rounds);
    return [
      figure({
        name: 'CPU time, EXRP and Redis',
        value: 'cpuMs',
        unit: 'ms/recording',
        goal: { of: 'ratio', atMost: 1.1 },
      }),
      figure({ name: 'CPU time of Redis', value: 'redisCpuMs', unit: 'ms/recording' }),
      figure({ name: 'throughput on this machine', value: 'perSecond', unit: 'recordings/s' }),
    ];
  },
};
