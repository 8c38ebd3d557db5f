import { randomUUID } from 'node:crypto';
import type { Bench, BenchContext } from '../bench.js';
import { Fleet, startInjectionRig, type InjectionRig } from '../injection/injection-rig.js';
import { callBytes, Recordings } from '../load/recordings.js';
import { figureOf, type Sample } from '../measure/figure.js';
import { inTurn } from '../measure/in-turn.js';

const smallerShare = 0.01;
const warmUpRecordings = 400;
/** Recordings that are nearer to their deadline go first, so those that are measured overtake the backlog. */
const nearDeadline = { EXRP_AUDIO_DEADLINE_HOURS: '12' };

export const backlog: Bench = {
  name: 'backlog',
  subject: 'EXRP with 100,000 recordings waiting, of 1.2 MB',
  baseline: 'EXRP with 1,000 waiting',
  async measure(context) {
    const { runs, recordings: count, backlog: waiting } = context.options;
    const large = await withBacklog(context, waiting);
    const small = await withBacklog(context, Math.ceil(waiting * smallerShare));
    const rounds = await inTurn(runs, {
      subject: () => large.inject(count),
      baseline: () => small.inject(count),
    });
    const figure = figureOf.bind(undefined, 'backlog', rounds);
    return [
      figure({
        name: 'CPU time, EXRP and Redis',
        value: 'cpuMs',
        unit: 'ms/recording',
        goal: { of: 'ratio', atMost: 1.1 },
      }),
      figure({ name: 'CPU time of Redis', value: 'redisCpuMs', unit: 'ms/recording' }),
      figure({
        name: 'Redis memory',
        value: 'redisBytes',
        unit: 'bytes/recording',
        goal: { of: 'ratio', atMost: 1.1 },
      }),
    ];
  },
};

type Backlogged = { inject(count: number): Promise<Sample> };

/** Redis and EXRP with so many recordings that wait, and nobody who takes one of them. */
async function withBacklog(context: BenchContext, waiting: number): Promise<Backlogged> {
  const rig = await startInjectionRig(context);
  const recordings = await Recordings.of(callBytes, rig.storageDir);
  const exrp = await Fleet.start(context, rig, { settings: nearDeadline });
  await exrp.inject(await recordings.add(Math.min(warmUpRecordings, context.options.recordings)));
  const redisBytes = await fill(context, { rig, exrp, waiting });
  return {
    inject: async (count) => {
      const files = await recordings.add(count);
      await exrp.accept(files);
      const measured = await exrp.inject(files, () => exrp.resume());
      await exrp.pause();
      return { ...measured, redisBytes };
    },
  };
}

type Filling = { readonly rig: InjectionRig; readonly exrp: Fleet; readonly waiting: number };

/** Accepted by an EXRP with the usual deadline, which ends at once. @returns bytes of Redis for each */
async function fill(context: BenchContext, { rig, exrp, waiting }: Filling): Promise<number> {
  await exrp.pause();
  const filler = await Fleet.start(context, rig, { settings: { EXRP_CONCURRENCY: '1' } });
  const before = await usedBytes(exrp);
  context.say(`  ${waiting} recordings begin to wait`);
  await filler.accept(Array.from({ length: waiting }, () => `${randomUUID()}.opus`));
  const after = await usedBytes(exrp);
  await Promise.all(filler.programs.map((program) => program.kill()));
  return (after - before) / waiting;
}

async function usedBytes({ redis }: Fleet): Promise<number> {
  const info = await redis.info('memory');
  return Number(/^used_memory:(\d+)/m.exec(info)?.[1]);
}
