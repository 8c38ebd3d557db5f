import { setTimeout as sleep } from 'node:timers/promises';
import { causeWords } from '@exrec/words';
import * as z from 'zod';
import { exitCodes, wrongUse } from '../connection/cli-error.js';
import type { Service } from '../connection/service.js';
import { write, serviceOf, type CommonFlags, type Context } from '../context.js';
import { confirm } from '../output/confirm.js';
import { Progress } from '../output/progress.js';
import { filtersOf, type FilterFlags } from './find.js';

export type RequeueFlags = CommonFlags &
  FilterFlags & {
    readonly perMinute?: string;
    readonly why?: string;
    readonly dryRun?: boolean;
  };

const jobSchema = z.looseObject({
  id: z.string().nullable(),
  total: z.number(),
  done: z.number().default(0),
  failed: z.number().default(0),
  state: z.string().default('finished'),
});
type Job = z.infer<typeof jobSchema>;

const checkEveryMs = 500;

/** Sends failed recordings again: by id, cause or time. Says first what it would do and asks. */
export async function requeue(
  context: Context,
  flags: RequeueFlags,
  ...ids: string[]
): Promise<number> {
  const ledger = serviceOf('ledger', context, flags);
  const filters = filtersOf(flags, context);
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  if (ids.length > 0 === isFiltered)
    throw wrongUse(
      'name recordings, or filter them: one of both',
      'like --cause gc-rejected --since 1d',
    );
  const perMinute = Number(flags.perMinute ?? 60);
  const order = {
    ...(ids.length > 0 ? { ids } : filters),
    perMinute,
    ...(flags.why === undefined ? {} : { why: flags.why }),
  };
  const { total } = await post(ledger, { ...order, dryRun: true });
  const seconds = Math.ceil((total * 60) / perMinute);
  const sentence = `${total} recordings would be sent again, ${perMinute} a minute (done in about ${seconds} s).`;
  if (flags.dryRun === true || total === 0) {
    write(context, flags, { total, perMinute }, [total === 0 ? 'nothing to send again' : sentence]);
    return total === 0 ? exitCodes.found : exitCodes.fine;
  }
  const remark = flags.cause === undefined ? '' : ` ${causeWords(flags.cause).todo}`;
  if (!(await confirm(`${sentence}${remark} Send them?`, context, flags))) return exitCodes.found;
  const job = await followed(ledger, await post(ledger, order), context);
  const sent = job.done - job.failed;
  const rest = job.failed === 0 ? '' : `, ${job.failed} could not be`;
  write(context, flags, job, [
    `${sent} of ${job.total} sent again${rest} (job ${job.id ?? '–'}, ${job.state})`,
  ]);
  return job.failed === 0 && job.state === 'finished' ? exitCodes.fine : exitCodes.found;
}

async function post(ledger: Service, body: object): Promise<Job> {
  return jobSchema.parse(await ledger.ask('/api/v1/requeue', { method: 'POST', body }));
}

async function followed(ledger: Service, begun: Job, { terminal }: Context): Promise<Job> {
  const progress = new Progress(terminal);
  let job = begun;
  while (job.id !== null && job.state === 'running') {
    await sleep(checkEveryMs);
    job = jobSchema.parse(await ledger.ask(`/api/v1/jobs/${job.id}`));
    progress.show(job.done, job.total);
  }
  progress.end();
  return job;
}
