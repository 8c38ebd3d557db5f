import type { Bench } from '../bench.js';
import { prepareShellInjection } from '../baselines/shell-injection.js';
import { exrpsOfAMachine, Fleet, startInjectionRig } from '../injection/injection-rig.js';
import { callBytes, Recordings } from '../load/recordings.js';
import { figureOf } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';

/** Until the just-in-time compiler has seen every step. */
const warmUpRecordings = 600;

export const inject: Bench = {
  name: 'inject',
  subject: 'EXRP, one for each core, recordings of 1.2 MB, all steps',
  baseline: 'curl, gpg, zip, openssl, curl, curl by xargs -P 2, against the same servers',
  async measure(context) {
    const { runs, recordings: count } = context.options;
    const rig = await startInjectionRig(context);
    const recordings = await Recordings.of(callBytes, rig.storageDir);
    const exrp = await Fleet.start(context, rig, { size: exrpsOfAMachine });
    const shell = await prepareShellInjection(context, rig);
    await exrp.inject(
      await recordings.add(Math.min(warmUpRecordings * exrpsOfAMachine, count * 4)),
    );
    const rounds = await inTurn(runs, {
      subject: async () => exrp.inject(await recordings.add(count)),
      baseline: async () => shell.inject(await recordings.add(count), 2),
    });
    const figure = figureOf.bind(undefined, 'inject', rounds);
    return [
      figure({
        name: 'throughput',
        value: 'perSecond',
        unit: 'recordings/s',
        goal: { of: 'ratio', atLeast: 3 },
      }),
      figure({
        name: 'CPU time, EXRP and Redis',
        value: 'cpuMs',
        unit: 'ms/recording',
        goal: { of: 'ratio', atMost: 1 / 3 },
      }),
      figure({ name: 'CPU time of EXRP', value: 'exrpCpuMs', unit: 'ms/recording' }),
      figure({ name: 'CPU time of Redis', value: 'redisCpuMs', unit: 'ms/recording' }),
      figure({
        name: 'CPU time of storage and simulator',
        value: 'serversCpuMs',
        unit: 'ms/recording',
      }),
      figure({ name: 'round trips to Redis', value: 'redisReads', unit: '/recording' }),
      figure({
        name: 'commands in Redis, those in scripts included',
        value: 'redisCommands',
        unit: '/recording',
      }),
      figure({
        name: 'Redis memory of an uploaded recording',
        value: 'redisBytes',
        unit: 'bytes/recording',
      }),
      figure({ name: 'longest event loop block', value: 'lagMs', unit: 'ms' }),
    ];
  },
};
