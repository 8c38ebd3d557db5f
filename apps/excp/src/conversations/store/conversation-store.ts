import type { RedisClient } from '@exrec/service-kit';
import { ledgerStreamKey } from '@exrec/service-kit';
import { callLogKeys } from '../../call-log/call-log-keys.js';
import { toldArguments, type ChangeTeller } from '../../call-log/change-teller.js';
import type { FieldWrite, KeptInteraction } from '../../call-log/kept-interaction.js';
import { eventField, legField, messageField, type JournalField } from '../journal/journal-text.js';
import type { JournalEvent, JournalLeg } from '../journal/journal.js';
import type { NewEvent } from '../events/news.js';
import type { Gap } from '../legs/leg.js';
import { outgoingText, readOutgoing, type Outgoing } from './outgoing.js';
import { conversationKeys } from './conversation-keys.js';
import { claimScript, closeGoneScript, settleScript, writeScript } from './conversation-scripts.js';
import { openText, readOpen, type OpenLeg } from './open-legs.js';

export type ConversationStoreOptions = {
  readonly redis: RedisClient;
  /** `keyspace()` of the settings */
  readonly prefix: string;
  readonly now: () => number;
  /** With a ledger: what it is told, in the same step as the change itself. */
  readonly teller?: Pick<ChangeTeller, 'changes'> | undefined;
};

/** What was decided about the conversations of one interaction. */
export type Decided = {
  readonly legs: readonly JournalLeg[];
  readonly events: readonly NewEvent[];
  readonly gaps: readonly Gap[];
  /** The open legs of each conversation that changes, by its root call. */
  readonly open: ReadonlyMap<string, readonly OpenLeg[]>;
  /** When to plan again, epoch ms; Infinity: only when something new comes. */
  readonly againAtMs: number;
};

/** What became of the head of a conversation's list. */
export type Settled = {
  readonly conversation: string;
  /** As it was read. */
  readonly sent: readonly Outgoing[];
  /** What stays at the head of the list. */
  readonly back: readonly Outgoing[];
  /** Entries whose state or message has changed, and new ones. */
  readonly entries: readonly Omit<JournalEvent, 'conversation'>[];
  /** When the rest may be sent, epoch ms. */
  readonly readyAtMs: number;
  readonly planAgain: boolean;
};

/** Conversations in Redis: what has to be planned, what has to be sent, what is open. */
export class ConversationStore {
  readonly #options: ConversationStoreOptions;
  readonly #keys: ReturnType<typeof conversationKeys>;
  readonly #logKeys: ReturnType<typeof callLogKeys>;

  constructor(options: ConversationStoreOptions) {
    this.#options = options;
    this.#keys = conversationKeys(options.prefix);
    this.#logKeys = callLogKeys(options.prefix);
  }

  /** Calls to be planned now; others get them when they have not been written about by `untilMs`. */
  async claim(limit: number, untilMs: number): Promise<string[]> {
    const args = [this.#options.now(), untilMs, limit];
    return (await claimScript(this.#options.redis, [this.#keys.due], args)) as string[]; // as documented
  }

  /** Plans a call later, because it can't be done now. */
  async postpone(callUUID: string, untilMs: number): Promise<void> {
    await this.#options.redis.zadd(this.#keys.due, Math.ceil(untilMs), callUUID);
  }

  async unschedule(callUUID: string): Promise<void> {
    await this.#options.redis.zrem(this.#keys.due, callUUID);
  }

  /** @returns the kinds of new gaps; undefined when the interaction has changed and nothing was written */
  async write(kept: KeptInteraction, decided: Decided): Promise<Gap['kind'][] | undefined> {
    const { stored } = kept;
    const { teller, prefix } = this.#options;
    const { due, pending, open, gaps, outStem } = this.#keys;
    const lists = listsOf(decided);
    const fields = fieldsOf(decided);
    const args = [
      this.#logKeys.callStem,
      stored.calls.length,
      ...stored.calls.flatMap(({ callUUID, rev }) => [callUUID, rev]),
      this.#options.now(),
      decided.againAtMs === Infinity ? '' : Math.ceil(decided.againAtMs),
      lists.length,
      ...lists.flatMap(({ conversation, legs, events }) => [
        conversation,
        legs,
        events.length,
        ...events,
      ]),
      fields.length,
      ...fields.flatMap(({ callUUID, field, value }) => [callUUID, field, value]),
      decided.gaps.length,
      ...decided.gaps.map(({ kind, name }) => `${kind}:${name}`),
      ...toldArguments(teller?.changes(kept, fields)),
    ];
    const keys = [due, pending, open, gaps, this.#logKeys.due, this.#logKeys.live];
    const outs = lists.map(({ conversation }) => `${outStem}${conversation}`);
    const stream = teller === undefined ? [] : [ledgerStreamKey(prefix)];
    const answer = await writeScript(this.#options.redis, [...keys, ...outs, ...stream], args);
    if (!Array.isArray(answer)) return undefined;
    return answer.map((gap) => (String(gap).startsWith('queue:') ? 'queue' : 'agent'));
  }

  /** Has the last legs ended of a conversation of which nothing else is kept any more. */
  async closeGone(conversation: string, ends: readonly NewEvent[]): Promise<void> {
    const { pending, open, outStem } = this.#keys;
    const texts = ends.map(({ entry, json }) => outgoingText({ ...entry, json }));
    const keys = [pending, open, `${outStem}${conversation}`];
    const args = [conversation, this.#options.now(), ...texts];
    await closeGoneScript(this.#options.redis, keys, args);
  }

  /** Conversations whose events may be sent, with the time since when, the oldest first. */
  async ready(limit: number): Promise<{ conversation: string; sinceMs: number }[]> {
    const { redis, now } = this.#options;
    const flat = await redis.zrangebyscore(
      this.#keys.pending,
      '-inf',
      now(),
      'WITHSCORES',
      'LIMIT',
      0,
      limit,
    );
    const found: { conversation: string; sinceMs: number }[] = [];
    for (let i = 0; i + 1 < flat.length; i += 2)
      found.push({ conversation: flat[i] ?? '', sinceMs: Number(flat[i + 1]) });
    return found;
  }

  /** The head of each conversation's list. */
  async heads(conversations: readonly string[], most: number): Promise<Outgoing[][]> {
    const texts = await Promise.all(
      conversations.map((id) =>
        this.#options.redis.lrange(`${this.#keys.outStem}${id}`, 0, most - 1),
      ),
    );
    return texts.map((list) => list.flatMap((text) => readOutgoing(text) ?? []));
  }

  /** Nothing is left of it to be sent. */
  async drop(conversation: string): Promise<void> {
    await this.#options.redis.zrem(this.#keys.pending, conversation);
  }

  /** @returns false when another sender has settled it */
  async settle(settled: Settled): Promise<boolean> {
    const { conversation, sent, back, entries, readyAtMs, planAgain } = settled;
    const [first] = sent;
    if (first === undefined) return true;
    const { pending, outStem, due } = this.#keys;
    const { callStem, due: looks, live } = this.#logKeys;
    const fields = entries.flatMap((entry) => [
      eventField({ ...entry, conversation }),
      ...(entry.message === undefined ? [] : [messageField(entry, entry.message)]),
    ]);
    const args = [
      conversation,
      this.#options.now(),
      outgoingText(first),
      sent.length,
      Math.ceil(readyAtMs),
      planAgain ? 1 : 0,
      back.length,
      ...back.map(outgoingText),
      ...fields.flatMap(({ field, value }) => [field, value]),
    ];
    const keys = [
      `${outStem}${conversation}`,
      pending,
      `${callStem}${conversation}`,
      looks,
      live,
      due,
    ];
    return (await settleScript(this.#options.redis, keys, args)) === 1;
  }

  /** Conversations with open legs, by root call. */
  async open(): Promise<ReadonlyMap<string, readonly OpenLeg[]>> {
    const all = await this.#options.redis.hgetall(this.#keys.open);
    return new Map(Object.entries(all).map(([id, text]) => [id, readOpen(text)]));
  }

  async openCount(): Promise<number> {
    return this.#options.redis.hlen(this.#keys.open);
  }

  /** Events to be sent wait for so many conversations, the oldest since then. */
  async backlog(): Promise<{ conversations: number; oldestAtMs: number | undefined }> {
    const { redis } = this.#options;
    const [conversations, oldest] = await Promise.all([
      redis.zcard(this.#keys.pending),
      redis.zrange(this.#keys.pending, '0', '0', 'WITHSCORES'),
    ]);
    const oldestAtMs = oldest[1] === undefined ? undefined : Number(oldest[1]);
    return { conversations, oldestAtMs };
  }

  /** What GC does not know, most often met first. */
  async gaps(): Promise<(Gap & { count: number })[]> {
    const all = await this.#options.redis.hgetall(this.#keys.gaps);
    return Object.entries(all)
      .map(([text, count]) => {
        const kind = text.startsWith('queue:') ? ('queue' as const) : ('agent' as const);
        return { kind, name: text.slice(text.indexOf(':') + 1), count: Number(count) };
      })
      .toSorted((left, right) => right.count - left.count);
  }
}

type List = { readonly conversation: string; readonly legs: string; readonly events: string[] };

function listsOf({ events, open }: Decided): List[] {
  const lists = new Map<string, string[]>([...open.keys()].map((id) => [id, []]));
  for (const { entry, json } of events) {
    const list = lists.get(entry.conversation) ?? [];
    list.push(outgoingText({ ...entry, json }));
    lists.set(entry.conversation, list);
  }
  return [...lists].map(([conversation, texts]) => {
    const legs = open.get(conversation) ?? [];
    return { conversation, legs: openText(legs), events: texts };
  });
}

function fieldsOf({ legs, events }: Decided): (JournalField & Pick<FieldWrite, 'callUUID'>)[] {
  return [
    ...legs.map((leg) => ({ ...legField(leg), callUUID: leg.conversation })),
    ...events.map(({ entry }) => ({ ...eventField(entry), callUUID: entry.conversation })),
  ];
}
