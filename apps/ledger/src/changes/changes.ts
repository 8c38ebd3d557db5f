import type { Logger, RedisClient } from '@exrec/service-kit';

/** What a change may be about; the message carries no more than this. */
export const changeSubjects = ['recordings', 'interactions'] as const;
export type ChangeSubject = (typeof changeSubjects)[number];

type Listener = (subject: ChangeSubject) => void;

const atMostEveryMs = 1_000;

/**
 * Tells every ledger of the fleet that something changed, whichever of them brought it in: at most once a second for
 * each subject. Nobody who listens costs nothing but that message.
 */
export class Changes {
  readonly #channel: string;
  readonly #redis: RedisClient;
  readonly #listeners = new Set<Listener>();
  readonly #onEnd = new Set<() => void>();
  readonly #pending = new Set<ChangeSubject>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param redis to publish by
   * @param subscriber a connection of its own: one that listens can do nothing else
   * @param prefix `keyspace()` of the settings
   */
  constructor(
    redis: RedisClient,
    private readonly subscriber: RedisClient,
    prefix: string,
    private readonly logger: Logger,
  ) {
    this.#redis = redis;
    this.#channel = `${prefix}:ledger:changes`;
    subscriber.on('message', (_channel: string, subject: string) => {
      if (isSubject(subject)) for (const listener of this.#listeners) listener(subject);
    });
    // Subscriptions are kept over reconnections; the first one is made when there is a connection.
    subscriber.once('ready', () => {
      subscriber.subscribe(this.#channel).catch((error: unknown) => {
        this.logger.warn('changes.not-heard', { error });
      });
    });
  }

  changed(subjects: Iterable<ChangeSubject>): void {
    for (const subject of subjects) this.#pending.add(subject);
    if (this.#pending.size === 0) return;
    this.#timer ??= setTimeout(() => void this.#publish(), atMostEveryMs).unref();
  }

  /**
   * @param onEnd called when there will be no more
   * @returns what ends it
   */
  listen(listener: Listener, onEnd: () => void): () => void {
    this.#listeners.add(listener);
    this.#onEnd.add(onEnd);
    return () => {
      this.#listeners.delete(listener);
      this.#onEnd.delete(onEnd);
    };
  }

  /** Sends everybody who listens away. */
  end(): void {
    for (const onEnd of this.#onEnd) onEnd();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.subscriber.disconnect();
  }

  async #publish(): Promise<void> {
    this.#timer = undefined;
    const subjects = [...this.#pending];
    this.#pending.clear();
    // A message that is lost is made up for by the next one.
    for (const subject of subjects)
      await this.#redis.publish(this.#channel, subject).catch(() => undefined);
  }
}

function isSubject(text: string): text is ChangeSubject {
  return (changeSubjects as readonly string[]).includes(text);
}
