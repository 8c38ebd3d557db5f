import type { Bench } from '../bench.js';
import { Fleet, startInjectionRig } from '../injection/injection-rig.js';
import { callBytes, Recordings } from '../load/recordings.js';
import { figureOf } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';

const size = 4;
/** For each process, see `inject`. */
const warmUpRecordings = 400;
/** Of the four's throughput: so little that two of them rarely want the same core. */
const shareOfThroughput = 1 / 4;

/**
 * Whether machines add up: four EXRPs against one, each with the same number of recordings a second. At full speed the
 * four share the cores that the one has nearly for itself, which says more about this machine than about the queue;
 * that is shown beside it.
 */
export const fleet: Bench = {
  name: 'fleet',
  subject: '4 EXRPs on one queue, recordings of 1.2 MB, a quarter of what this machine manages',
  baseline: '1 EXRP with a quarter of that',
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
    const fullSpeed = await inTurn(runs, {
      subject: async () => four.inject(await recordings.add(count)),
      baseline: async () => one.inject(await recordings.add(count)),
    });
    const full = figureOf.bind(undefined, 'fleet', fullSpeed);
    const throughput = full({
      name: 'throughput on this machine',
      value: 'perSecond',
      unit: 'recordings/s',
    });
    const perSecondEach = (throughput.subject * shareOfThroughput) / size;
    const arriving = async (exrp: Fleet) => {
      const processes = exrp.programs.length;
      const files = await recordings.add(Math.ceil((count * processes) / size / 2));
      return exrp.inject(files, () => exrp.acceptEvenly(files, perSecondEach * processes));
    };
    const rounds = await inTurn(runs, {
      subject: () => arriving(four),
      baseline: () => arriving(one),
    });
    const figure = figureOf.bind(undefined, 'fleet', rounds);
    return [
      figure({
        name: 'CPU time, EXRP and Redis, each EXRP with as many a second',
        value: 'cpuMs',
        unit: 'ms/recording',
        goal: { of: 'ratio', atMost: 1.1 },
      }),
      full({
        name: 'the same, all at full speed on these cores',
        value: 'cpuMs',
        unit: 'ms/recording',
      }),
      figure({ name: 'CPU time of Redis', value: 'redisCpuMs', unit: 'ms/recording' }),
      throughput,
    ];
  },
};
