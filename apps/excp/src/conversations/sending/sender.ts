import {
  maxBatchBytes,
  refusesContent,
  type ConversationEventError,
  type GcApi,
} from '@exrec/gc-api';
import { crashPoint, Failure, type Logger } from '@exrec/service-kit';
import type { ConversationMetrics } from '../metrics/conversation-metrics.js';
import type { ConversationStore } from '../store/conversation-store.js';
import { outcomeOf, type AnswerOptions } from './answers.js';
import { bodyOf, fillBatch, parseOutgoing, type Part } from './batch.js';

export type SenderOptions = {
  readonly store: ConversationStore;
  readonly gc: Pick<GcApi, 'injectConversationEvents'>;
  readonly options: () => AnswerOptions;
  /** Most events of a request. */
  readonly maxEvents: number;
  /** GC does not know this presence source any more. */
  readonly onSourceRefused: (sourceId: string) => void;
  readonly metrics: ConversationMetrics;
  readonly logger: Logger;
  readonly now: () => number;
};

/** Conversations that are looked at for one request. */
const maxConversations = 300;
/** Of one conversation in one request: what became of them is written in one command of Redis. */
const maxEventsOfConversation = 1_000;
/** From the first event until the request: what comes in between goes with it. */
const windowsMs = [500, 1_000, 2_000, 5_000, 10_000] as const;
/** The budget grants less than 30 requests a minute when one waits for longer than this. */
const slowGrantMs = 2_000;
const quickGrantMs = 500;
const firstRetryMs = 1_000;
const longestRetryMs = 5 * 60_000;
/** GC is asked again so often when it is away: one request of the whole fleet. */
const longestOutageRetryMs = 30_000;

/** Sends what the journals have for GC; there is one at a time in the fleet, with one request at a time (docs/design/CONVERSATIONS.md#5-rate-and-batches). */
export class Sender {
  readonly #options: SenderOptions;
  readonly #attempts = new Map<string, number>();
  #window = 0;
  #failures = 0;
  #quietUntilMs = 0;
  #since: number | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Since when GC has taken nothing, epoch ms; undefined: all is well. */
  get failingSinceMs(): number | undefined {
    return this.#since;
  }

  /**
   * Sends one request, if there is something and its time has come.
   * @returns whether there may be more right away
   * @throws when Redis can't be asked
   */
  async step(signal?: AbortSignal): Promise<boolean> {
    const { store, now, maxEvents } = this.#options;
    if (now() < this.#quietUntilMs) return false;
    const ready = await store.ready(maxConversations);
    const [oldest] = ready;
    const windowMs = windowsMs[this.#window] ?? windowsMs[0];
    if (oldest === undefined || now() < oldest.sinceMs + windowMs) return false;
    const ids = ready.map(({ conversation }) => conversation);
    const heads = await store.heads(ids, Math.min(maxEvents, maxEventsOfConversation));
    const found = ids.map((conversation, index) => ({ conversation, read: heads[index] ?? [] }));
    for (const { conversation, read } of found)
      if (read.length === 0) await store.drop(conversation);
    const parts = fillBatch(
      found.filter(({ read }) => read.length > 0),
      { events: maxEvents, bytes: maxBatchBytes },
    );
    if (parts.length === 0) return false;
    try {
      await this.#send(parts, signal);
      this.#failures = 0;
      this.#since = undefined;
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#failed(error);
      return false;
    }
  }

  /** @throws Failure when GC can't be asked: the same is sent again */
  async #send(parts: readonly Part[], signal?: AbortSignal): Promise<void> {
    const { metrics } = this.#options;
    let errors: ConversationEventError[];
    try {
      errors = await this.#inject(parts, signal);
      metrics.request('ok');
    } catch (error) {
      metrics.request(error instanceof Failure ? error.code : 'unexpected');
      if (!refusesContent(error)) throw error;
      return this.#halve(parts, error, signal);
    }
    crashPoint('after-send');
    const ids = new Set(
      parts.flatMap(({ read, count }) =>
        read.slice(0, count).map(({ json }) => parseOutgoing(json).eventId),
      ),
    );
    const nameless = errors.find(({ eventId }) => !ids.has(eventId));
    if (nameless !== undefined) return this.#oneByOne(parts, nameless, signal);
    const byId = new Map(errors.map((error) => [error.eventId, error]));
    // Side by side: one after the other each waits for Redis, and with many conversations nothing is sent for long.
    const settling = parts.map((part) => this.#settle(part, byId));
    await Promise.allSettled(settling);
    await Promise.all(settling);
  }

  async #inject(parts: readonly Part[], signal?: AbortSignal): Promise<ConversationEventError[]> {
    const askedAtMs = performance.now();
    return this.#options.gc.injectConversationEvents(bodyOf(parts), {
      ...(signal && { signal }),
      onGranted: () => {
        this.#stretch(performance.now() - askedAtMs);
        crashPoint('mid-send');
      },
    });
  }

  /** Larger requests when the budget grants few. */
  #stretch(waitedMs: number): void {
    if (waitedMs > slowGrantMs) this.#window = Math.min(this.#window + 1, windowsMs.length - 1);
    else if (waitedMs < quickGrantMs) this.#window = 0;
  }

  /** GC does not say whom an error is about: each conversation alone, and at last each event. */
  async #oneByOne(
    parts: readonly Part[],
    nameless: ConversationEventError,
    signal?: AbortSignal,
  ): Promise<void> {
    const [only] = parts;
    if (parts.length > 1) {
      for (const part of parts) await this.#send([part], signal);
    } else if (only !== undefined && only.count > 1) {
      await this.#send([{ ...only, count: 1 }], signal);
    } else if (only !== undefined) {
      await this.#refuse(only, nameless);
    }
  }

  /** Something in it is not to GC's liking, or it is too long: the half of it, until the culprit is alone. */
  async #halve(parts: readonly Part[], error: unknown, signal?: AbortSignal): Promise<void> {
    const [only] = parts;
    const middle = Math.ceil(parts.length / 2);
    if (parts.length > 1) {
      await this.#send(parts.slice(0, middle), signal);
      await this.#send(parts.slice(middle), signal);
    } else if (only !== undefined && only.count > 1) {
      // The rest follows in its turn: nothing overtakes it.
      await this.#send([{ ...only, count: Math.floor(only.count / 2) }], signal);
    } else if (only !== undefined) {
      const message = error instanceof Failure ? (error.detail ?? error.code) : 'refused';
      await this.#refuse(only, { message, retryable: false });
    }
  }

  async #refuse(part: Part, error: Omit<ConversationEventError, 'eventId'>): Promise<void> {
    const [first] = part.read;
    if (first === undefined) return;
    const { eventId } = parseOutgoing(first.json);
    await this.#settle(part, new Map([[eventId, { ...error, eventId }]]));
  }

  async #settle(part: Part, errors: ReadonlyMap<string, ConversationEventError>): Promise<void> {
    const { store, metrics, logger, now, options, onSourceRefused } = this.#options;
    const { conversation, read } = part;
    const { back, entries, waits, refusedSource, lostLegs } = outcomeOf(part, errors, options());
    const attempts = waits ? (this.#attempts.get(conversation) ?? 0) + 1 : 0;
    if (waits) this.#attempts.set(conversation, attempts);
    else this.#attempts.delete(conversation);
    const retryMs = Math.min(firstRetryMs * 2 ** (attempts - 1), longestRetryMs);
    const isSettled = await store.settle({
      ...{ conversation, sent: read, back, entries },
      readyAtMs: waits ? now() + retryMs : now(),
      planAgain: entries.some(({ state }) => state === 'refused' || state === 'dropped'),
    });
    if (!isSettled) return;
    for (const { state, message, kind, atMs } of entries) {
      metrics.settled(state);
      if (state === 'taken') metrics.taken(now() - atMs);
      if (state === 'refused') logger.warn('conversation.event-refused', { kind, detail: message });
    }
    metrics.legsRefused(lostLegs);
    if (refusedSource !== undefined) onSourceRefused(refusedSource);
  }

  #failed(failure: Failure): void {
    const { logger, now } = this.#options;
    this.#since ??= now();
    this.#failures += 1;
    const backOffMs = Math.min(firstRetryMs * 2 ** (this.#failures - 1), longestOutageRetryMs);
    const waitMs = Math.max(backOffMs, failure.retryAfterMs ?? 0);
    this.#quietUntilMs = now() + waitMs;
    const fields = { cause: failure.code, detail: failure.detail, inMs: waitMs };
    if (failure.retry === 'never') logger.error('conversation.events-not-taken', fields);
    else logger.info('conversation.events-waiting', fields);
  }
}
