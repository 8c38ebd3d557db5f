import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { unavailable, type Caller, type Logger } from '@exrec/service-kit';
import type { Selectable } from 'kysely';
import type { Db } from '../database/connect.js';
import type { Database } from '../database/tables.js';
import type { Neighbours } from './neighbours.js';

export type RequeueOrder = {
  readonly ids: readonly string[];
  readonly perMinute: number;
  readonly why: string;
  readonly caller: Caller;
  readonly authorization: string | undefined;
  readonly requestId: string;
};

export type RequeueJobsOptions = {
  readonly db: Db;
  readonly neighbours: Neighbours;
  readonly logger: Logger;
};

const touchEveryMs = 2_000;
/** A running job that was not touched for so long has lost its ledger. */
const lostAfterMs = 60_000;
const mostAtOnce = 10;

/** Sends recordings again through EXRP, at a pace, and keeps count. A job runs on the ledger that was asked. */
export class RequeueJobs {
  readonly #options: RequeueJobsOptions;
  readonly #stopping = new AbortController();
  #running = 0;

  constructor(options: RequeueJobsOptions) {
    this.#options = options;
  }

  /** @returns the id of the job, which has begun */
  async start(order: RequeueOrder): Promise<string> {
    if (this.#running >= mostAtOnce) throw unavailable('too many jobs run here already', 60);
    const id = randomUUID();
    await this.#options.db
      .insertInto('jobs')
      .values({
        id,
        kind: 'requeue',
        who: order.caller.name,
        state: 'running',
        total: order.ids.length,
        done: 0,
        failed: 0,
        per_minute: order.perMinute,
        detail: null,
        why: order.why === '' ? null : order.why,
      })
      .execute();
    this.#running += 1;
    void this.#run(id, order).finally(() => (this.#running -= 1));
    return id;
  }

  /** Jobs that run here end as interrupted; whoever wants the rest sent again asks for it. */
  stop(): void {
    this.#stopping.abort();
  }

  async #run(id: string, order: RequeueOrder): Promise<void> {
    const { logger } = this.#options;
    const count = { done: 0, failed: 0 };
    let touchedAtMs = Date.now();
    let detail: string | null = null;
    try {
      for (const [index, recordingId] of order.ids.entries()) {
        if (this.#stopping.signal.aborted) {
          await this.#end(id, 'interrupted', count, null);
          return;
        }
        const outcome = await this.#requeue(order, recordingId);
        if (outcome.isFatal) {
          await this.#end(id, 'failed', count, outcome.detail);
          return;
        }
        if (outcome.isDone) count.done += 1;
        else {
          count.failed += 1;
          detail ??= outcome.detail;
        }
        if (Date.now() - touchedAtMs > touchEveryMs || index === 0) {
          touchedAtMs = Date.now();
          if (!(await this.#touch(id, count))) return;
        }
        if (index + 1 < order.ids.length)
          await sleep(60_000 / order.perMinute, undefined, { signal: this.#stopping.signal }).catch(
            () => undefined,
          );
      }
      await this.#end(id, 'finished', count, detail);
    } catch (error) {
      logger.warn('requeue.interrupted', { job: id, error });
      await this.#end(id, 'interrupted', count, 'the ledger could not go on').catch(
        () => undefined,
      );
    }
  }

  async #requeue({ authorization, requestId, why }: RequeueOrder, recordingId: string) {
    const { neighbours } = this.#options;
    const path = `/api/v1/injections/${encodeURIComponent(recordingId)}/requeue`;
    const { status } = await neighbours.ask('EXRP', {
      method: 'POST',
      path,
      authorization,
      requestId,
      body: { why },
    });
    const isDone = status >= 200 && status < 300;
    // Without the right to do it every further one would be refused, too.
    const isFatal = status === 401 || status === 403;
    return { isDone, isFatal, detail: isDone ? null : `EXRP answered ${status}` };
  }

  /** @returns false when somebody has stopped the job */
  async #touch(id: string, count: { done: number; failed: number }): Promise<boolean> {
    const { numUpdatedRows } = await this.#options.db
      .updateTable('jobs')
      .set({ ...count, touched_at: new Date() })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async #end(
    id: string,
    state: string,
    count: { done: number; failed: number },
    detail: string | null,
  ): Promise<void> {
    await this.#options.db
      .updateTable('jobs')
      .set({ ...count, state, detail, touched_at: new Date() })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .execute();
  }
}

/** @returns false when there is no such job, or it runs no more */
export async function stopJob(db: Db, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set({ state: 'stopped', touched_at: new Date() })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function jobView(db: Db, id: string) {
  const job = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
  return job === undefined ? undefined : viewOf(job);
}

/** The newest first; there are few. */
export async function newestJobs(db: Db, limit: number) {
  const jobs = await db
    .selectFrom('jobs')
    .selectAll()
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return jobs.map(viewOf);
}

function viewOf(job: Selectable<Database['jobs']>) {
  const isLost = job.state === 'running' && Date.now() - job.touched_at.getTime() > lostAfterMs;
  return {
    id: job.id,
    kind: job.kind,
    who: job.who,
    why: job.why,
    state: isLost ? 'interrupted' : job.state,
    total: job.total,
    done: job.done,
    failed: job.failed,
    perMinute: job.per_minute,
    detail: job.detail,
    startedAt: job.started_at.toISOString(),
    touchedAt: job.touched_at.toISOString(),
  };
}
