import { recordingIdOf } from '@exrec/gc-metadata';
import { createQueue, type QueuePlace } from '@exrec/service-kit';
import type { Queue } from 'bullmq';

export const dispatchQueueName = 'dispatch';

export type DispatchJob = {
  /** The call under which the media file is kept. */
  readonly callUUID: string;
  readonly mediaId: string;
};

/** The jobs that bring segments to EXRP: one per segment, under its recordingId. */
export class DispatchQueue {
  readonly #queue: Queue<DispatchJob, void>;

  constructor(place: Omit<QueuePlace, 'name'>) {
    this.#queue = createQueue<DispatchJob>({ ...place, name: dispatchQueueName });
  }

  /** Makes sure that there are jobs; those that exist already stay as they are. */
  async addAll(jobs: readonly DispatchJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.#queue.addBulk(
      jobs.map((data) => ({
        name: 'dispatch',
        data,
        opts: { jobId: recordingIdOf(data.mediaId) },
      })),
    );
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
