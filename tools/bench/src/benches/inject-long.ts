import type { Bench } from '../bench.js';
import { prepareShellInjection } from '../baselines/shell-injection.js';
import { exrpsOfAMachine, Fleet, startInjectionRig } from '../injection/injection-rig.js';
import { Recordings } from '../load/recordings.js';
import { figureOf, type Rounds, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';
import { peakRssBytes } from '../measure/process-usage.js';
import { startIdleProcess } from '../servers/idle-process.js';

const atOnce = 8;
const megabyte = 1_000_000;

export const injectLong: Bench = {
  name: 'inject-long',
  subject: 'EXRP, one for each core, recordings of 100 MB, 8 at once',
  baseline: 'as for inject, by xargs -P 8',
  async measure(context) {
    const { runs, longRecordings: count, longBytes } = context.options;
    const rig = await startInjectionRig(context);
    const recordings = await Recordings.of(longBytes, rig.storageDir);
    const exrp = await Fleet.start(context, rig, {
      size: exrpsOfAMachine,
      settings: { EXRP_CONCURRENCY: `${Math.ceil(atOnce / exrpsOfAMachine)}` },
    });
    const shell = await prepareShellInjection(context, rig);
    await exrp.inject(await recordings.add(exrpsOfAMachine));
    const withMegabytes = <
      S extends Sample & { readonly perSecond: number; readonly cpuMs: number },
    >(
      sample: S,
    ) => ({
      ...sample,
      megabytesPerSecond: (sample.perSecond * longBytes) / megabyte,
    });
    const idle = startIdleProcess(context);
    const rounds = await inTurn(runs, {
      subject: async () => {
        const files = await recordings.add(count);
        await idle.longestLagMs();
        return {
          ...withMegabytes(await exrp.inject(files)),
          idleLagMs: await idle.longestLagMs(),
          peakMegabytes: Math.max(...exrp.programs.map(({ pid }) => peakRssBytes(pid))) / megabyte,
        };
      },
      baseline: async () => withMegabytes(await shell.inject(await recordings.add(count), atOnce)),
    });
    const figure = figureOf.bind(undefined, 'inject-long', rounds);
    return [
      figure({
        name: 'throughput',
        value: 'megabytesPerSecond',
        unit: 'MB/s',
        goal: { of: 'ratio', atLeast: 1.3 },
      }),
      figure({ name: 'CPU time, EXRP and Redis', value: 'cpuMs', unit: 'ms/recording' }),
      figure({
        name: 'CPU time of storage and simulator',
        value: 'serversCpuMs',
        unit: 'ms/recording',
      }),
      figure({
        name: 'peak memory of EXRP',
        value: 'peakMegabytes',
        unit: 'MB',
        goal: { of: 'value', atMost: 250 },
      }),
      figureOf('inject-long', besideAnIdleOne(rounds), {
        name: 'longest event loop block, against that of an idle process beside it',
        value: 'lagMs',
        unit: 'ms',
        goal: { of: 'value', atMost: 50 },
      }),
    ];
  },
};

/** Whoever wants a core while both are busy waits for it: that is not the event loop's fault. */
function besideAnIdleOne({ subject }: Rounds): Rounds {
  return { subject, baseline: subject.map(({ idleLagMs = 0 }) => ({ lagMs: idleLagMs })) };
}
