import { isRedisUnavailable, type Logger } from '@exrec/service-kit';
import type { ConfigurationStore } from './configuration-store.js';
import { faultOf, usersOf, type ConfigurationCalls } from './read-configuration.js';

export type LoginLookupOptions = {
  readonly gc: Pick<ConfigurationCalls, 'usersByEmail'>;
  readonly store: Pick<ConfigurationStore, 'learn'>;
  readonly logger: Logger;
  /** The service ends. */
  readonly signal: AbortSignal;
  /** Some are known now. */
  readonly onLearnt: () => Promise<void>;
};

/** Those of one call event file, and of calls that begin together, are asked for together. */
const gatherMs = 50;
const patienceMs = 5_000;
const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60_000;
const mostAtOnce = 500;

/**
 * Asks GC for agents whose login is an e-mail, when they are first met, and adds them to the users that all instances
 * know (docs/design/CONVERSATIONS.md#27-unknown-agents-and-queues). From then on each pull asks for them.
 */
export class LoginLookup {
  readonly #options: LoginLookupOptions;
  readonly #wanted = new Set<string>();
  /** Asked for in vain: nobody waits for them any more. */
  readonly #failed = new Set<string>();
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;

  constructor(options: LoginLookupOptions) {
    this.#options = options;
  }

  /** @returns whether the answer is worth waiting for */
  want(email: string): boolean {
    if (this.#options.signal.aborted) return false;
    const isNew = !this.#wanted.has(email);
    if (isNew && this.#wanted.size >= mostAtOnce) return false;
    this.#wanted.add(email);
    if (this.#turn === undefined) this.#timer ??= setTimeout(() => this.#begin(), gatherMs);
    return !this.#failed.has(email);
  }

  /** To be called when the signal is aborted. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#turn;
  }

  #begin(): void {
    this.#timer = undefined;
    this.#turn = this.#ask().finally(() => {
      this.#turn = undefined;
      if (this.#wanted.size === 0 || this.#options.signal.aborted) return;
      const backOffMs = Math.min(firstRetryMs * 2 ** (this.#failures - 1), longestRetryMs);
      const waitMs = this.#failures === 0 ? gatherMs : backOffMs;
      this.#timer = setTimeout(() => this.#begin(), waitMs);
    });
  }

  async #ask(): Promise<void> {
    const { gc, store, logger, signal, onLearnt } = this.#options;
    const emails = [...this.#wanted];
    try {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      const userIds = await usersOf(gc, emails, patience);
      if (!(await store.learn(userIds))) throw new Error('there is no configuration');
      await onLearnt();
      this.#failures = 0;
      for (const email of emails) {
        this.#wanted.delete(email);
        this.#failed.delete(email);
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#failures += 1;
      for (const email of emails) this.#failed.add(email);
      const level = isRedisUnavailable(error) ? 'debug' : 'warn';
      logger[level]('sta-configuration.part-missing', { part: 'users', ...faultOf(error) });
    }
  }
}
