import { setTimeout as sleep } from 'node:timers/promises';
import { createQueue, type QueuePlace } from '@exrec/service-kit';
import type { Queue } from 'bullmq';
import type { InjectionJob } from './worker/injection-worker.js';

export const injectionQueueName = 'injections';

/** BullMQ takes priorities up to 2^21 - 1, the lowest number first. */
const priorities = 2 ** 21 - 1;

/**
 * The recording whose audio goes first is the first to be sent: priority is the minute of its deadline.
 * Minutes wrap around after four years; only recordings around that minute would change places.
 */
export function priorityOf(audioDeadlineAtMs: number): number {
  return 1 + (Math.floor(audioDeadlineAtMs / 60_000) % priorities);
}

const yes = () => true;
const no = () => false;

export type QueuedInjection = { readonly recordingId: string; readonly audioDeadlineAtMs: number };

/** The jobs that bring recordings to the workers: one per recording, under its id. */
export class InjectionQueue {
  readonly #queue: Queue<InjectionJob, void>;

  constructor(place: Omit<QueuePlace, 'name'>) {
    this.#queue = createQueue<InjectionJob>({ ...place, name: injectionQueueName });
  }

  /** Makes sure that there is a job; one that exists already stays as it is. */
  async add({ recordingId, audioDeadlineAtMs }: QueuedInjection): Promise<void> {
    const options = { jobId: recordingId, priority: priorityOf(audioDeadlineAtMs) };
    await this.#queue.add('inject', { recordingId }, options);
  }

  /** As `add`, many at once. */
  async addAll(injections: readonly QueuedInjection[], delayMs = 0): Promise<void> {
    await this.#queue.addBulk(
      injections.map(({ recordingId, audioDeadlineAtMs }) => ({
        name: 'inject',
        data: { recordingId },
        opts: { jobId: recordingId, priority: priorityOf(audioDeadlineAtMs), delay: delayMs },
      })),
    );
  }

  /**
   * Makes the recording's next try be now. An attempt that is just ending takes its job away, or puts it
   * back for later, after it has settled the record: it is waited for.
   */
  async runNow(injection: QueuedInjection): Promise<void> {
    for (let checks = 0; checks < 40; checks += 1) {
      await this.add(injection);
      const job = await this.#queue.getJob(injection.recordingId);
      const state = await job?.getState();
      if (state === 'active') await sleep(50);
      else if (state === 'delayed') {
        if (await job?.promote().then(yes, no)) return;
      } else if (state !== undefined && state !== 'unknown') return;
    }
  }

  /** Jobs that wait for a worker, and those that wait for their time. */
  async backlog(): Promise<{ waiting: number; delayed: number; active: number }> {
    const counts = await this.#queue.getJobCounts('prioritized', 'waiting', 'delayed', 'active');
    const { prioritized = 0, waiting = 0, delayed = 0, active = 0 } = counts;
    return { waiting: prioritized + waiting, delayed, active };
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
