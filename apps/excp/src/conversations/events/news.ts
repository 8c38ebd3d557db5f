import { conversationIdOf, deterministicUuid, gcEventIdOf } from '@exrec/gc-metadata';
import { isEstablishing, type EventKind } from '../journal/event-kind.js';
import {
  eventKey,
  historiesOf,
  legKey,
  type Journal,
  type JournalEvent,
  type JournalLeg,
  type LegHistory,
} from '../journal/journal.js';
import { syntheticCustomer, type Gap } from '../legs/leg.js';
import type { NamedLeg } from '../legs/name-legs.js';
import type { DesiredEvent } from './desired-event.js';

/** An event to be written into the journal, with all that GC will get. */
export type NewEvent = {
  readonly entry: JournalEvent;
  /** The event as it stands in the request: the same bytes whenever and by whomever it is sent. */
  readonly json: string;
};

export type News = {
  readonly legs: readonly JournalLeg[];
  readonly events: readonly NewEvent[];
  readonly gaps: readonly Gap[];
  /** Keys of events that were told before, more than a second off what is known of them now. */
  readonly mistimed: readonly string[];
};

export type NewsFacts = {
  readonly journal: Journal;
  /** No event has a later time. */
  readonly latestMs: number;
  /** Nothing of this moment or later may be told yet: how something earlier ended is not decided. */
  readonly undecided: { readonly atMs: number; readonly rank: number } | undefined;
};

/** Times that differ by less than this are kept in their order even where one had to be moved. */
const orderMs = 100;
/** What was told with a time that is further off than this is counted (docs/design/CONVERSATIONS.md#42-rules-gc-takes-nothing-back). */
const mistimedMs = 1_000;

/**
 * What the journal lacks of the desired events, in order (docs/design/CONVERSATIONS.md#41-journal, docs/design/CONVERSATIONS.md#42-rules-gc-takes-nothing-back). What it has is never changed, and
 * what can no longer be told is left out.
 */
export function newsOf(desired: readonly DesiredEvent[], facts: NewsFacts): News {
  const writer = new NewsWriter(facts);
  const sorted = desired.toSorted(
    (left, right) => left.atMs - right.atMs || left.rank - right.rank,
  );
  for (const event of sorted) writer.add(event);
  return writer.news;
}

class NewsWriter {
  readonly #facts: NewsFacts;
  readonly #histories: ReadonlyMap<string, LegHistory>;
  readonly #known: Map<string, number>;
  readonly #used: Set<string>;
  /** Legs opened here, with their last time. */
  readonly #opened = new Map<string, number>();
  readonly #closed: ReadonlySet<string>;
  readonly #counts = new Map<string, number>();
  readonly #legs: JournalLeg[] = [];
  readonly #events: NewEvent[] = [];
  readonly #gaps: Gap[] = [];
  readonly #mistimed: string[] = [];
  #last = { rawMs: -Infinity, atMs: -Infinity };

  constructor(facts: NewsFacts) {
    const { journal } = facts;
    this.#facts = facts;
    this.#histories = historiesOf(journal);
    this.#known = new Map(journal.events.map((event) => [eventKey(event), event.atMs]));
    this.#used = new Set(journal.events.map(({ conversation, atMs }) => `${conversation}/${atMs}`));
    this.#closed = closedConversations(this.#histories);
    for (const { conversation } of journal.events)
      this.#counts.set(conversation, (this.#counts.get(conversation) ?? 0) + 1);
  }

  get news(): News {
    return {
      ...{ legs: this.#legs, events: this.#events, gaps: this.#gaps },
      mistimed: this.#mistimed,
    };
  }

  add(event: DesiredEvent): void {
    const { undecided } = this.#facts;
    const isEarly =
      undecided === undefined ||
      event.atMs < undecided.atMs ||
      (event.atMs === undecided.atMs && event.rank < undecided.rank);
    const key = keyOf(event);
    const toldAtMs = this.#known.get(key);
    if (toldAtMs !== undefined && Math.abs(event.atMs - toldAtMs) > mistimedMs)
      this.#mistimed.push(key);
    if (!isEarly || toldAtMs !== undefined || !this.#mayBeTold(event)) return;
    const atMs = this.#timeOf(event);
    const json = this.#jsonOf(event, atMs);
    if (json === undefined) return;
    const { conversation, anchor, kind } = event;
    if (anchor !== null && isEstablishing(kind)) this.#open(anchor);
    const index = this.#counts.get(conversation) ?? 0;
    this.#counts.set(conversation, index + 1);
    this.#known.set(key, atMs);
    this.#used.add(`${conversation}/${atMs}`);
    if (anchor !== null) this.#opened.set(legKey(anchor), atMs);
    this.#last = { rawMs: event.atMs, atMs };
    this.#events.push({
      entry: {
        conversation,
        index: `${index}`,
        leg: anchor?.index ?? null,
        kind,
        key: event.key,
        atMs,
        state: 'planned',
      },
      json,
    });
  }

  #open(leg: NamedLeg): void {
    if (this.#histories.has(legKey(leg))) return;
    const { conversation, index, callUUID, place, number, startMs } = leg;
    this.#legs.push({ conversation, index, callUUID, place, number, startMs });
  }

  /** The rules of docs/design/CONVERSATIONS.md#42-rules-gc-takes-nothing-back. */
  #mayBeTold({ kind, anchor, needs, conversation }: DesiredEvent): boolean {
    if (needs.some((leg) => !this.#isOpened(leg))) return false;
    if (anchor === null) return true;
    const history = this.#histories.get(legKey(anchor));
    if (history?.isLost === true || history?.ended !== undefined) return false;
    const isLate = this.#closed.has(conversation) && history?.opened === undefined;
    if (isLate && anchor.recordings.length === 0) return false;
    if (!isEstablishing(kind)) {
      const isEssential = kind === 'communicationEnded';
      return this.#isOpened(anchor) && (!isLate || isEssential);
    }
    if (anchor.role !== 'queue' || !this.#isAfterAnswer(anchor)) return true;
    this.#gaps.push({ kind: 'queue', name: anchor.place });
    return false;
  }

  /** Queue statistics are decided at the answer: a queue that is learnt of after it comes too late. */
  #isAfterAnswer({ callUUID, visits, conversation }: NamedLeg): boolean {
    const reached = new Set(visits.flatMap(({ divertedTo }) => divertedTo ?? []));
    return [...this.#histories.values()].some(
      ({ leg, opened }) =>
        opened !== undefined &&
        leg.conversation === conversation &&
        leg.callUUID === callUUID &&
        leg.place !== syntheticCustomer &&
        reached.has(leg.place) &&
        leg.startMs >= Math.min(...visits.map((visit) => visit.enteredAtMs)),
    );
  }

  #isOpened(leg: NamedLeg): boolean {
    return this.#opened.has(legKey(leg)) || this.#openedBefore(leg) !== undefined;
  }

  #openedBefore(leg: NamedLeg): JournalEvent | undefined {
    return this.#histories.get(legKey(leg))?.opened;
  }

  /**
   * The event's own time, but never in the future, after what the same leg was told before, after the legs that it
   * names, and no time twice within a conversation.
   */
  #timeOf({ atMs: rawMs, anchor, needs, conversation }: DesiredEvent): number {
    const history = anchor === null ? undefined : this.#histories.get(legKey(anchor));
    const own = anchor === null ? undefined : this.#opened.get(legKey(anchor));
    const floors = [
      own ?? history?.lastAtMs ?? -Infinity,
      ...needs.map((leg) => this.#openedBefore(leg)?.atMs ?? -Infinity),
      this.#last.atMs - rawMs < orderMs ? this.#last.atMs : -Infinity,
    ];
    let atMs = Math.max(Math.min(rawMs, this.#facts.latestMs), ...floors.map((floor) => floor + 1));
    while (this.#used.has(`${conversation}/${atMs}`)) atMs += 1;
    return atMs;
  }

  #jsonOf(event: DesiredEvent, atMs: number): string | undefined {
    const { kind, anchor, conversation, command, fields, inviter } = event;
    const conversationId = conversationIdOf(conversation);
    const commandId = command === undefined ? undefined : this.#commandId(event, atMs);
    if (command !== undefined && commandId === undefined) return undefined;
    const invitedBy = inviter !== undefined && this.#isOpened(inviter) && inviter.communicationId;
    return JSON.stringify({
      eventId: gcEventIdOf(anchor?.communicationId ?? conversationId, kind, atMs),
      eventDateTime: new Date(atMs).toISOString(),
      conversationId,
      communicationId: isOfCommunication(kind) ? anchor?.communicationId : undefined,
      commandId,
      ...(invitedBy ? withInviter(fields, invitedBy) : fields),
    });
  }

  /** Named after the time at which the command began. */
  #commandId({ command, ...event }: DesiredEvent, atMs: number): string | undefined {
    if (command?.anchor === undefined || command.anchor === null) return undefined;
    const isBegin = keyOf(command) === keyOf(event);
    const begunAtMs = isBegin ? atMs : this.#known.get(keyOf(command));
    if (begunAtMs === undefined) return undefined;
    const time = new Date(begunAtMs).toISOString();
    return deterministicUuid('command', `${command.anchor.communicationId}/${time}`);
  }
}

function keyOf({
  conversation,
  anchor,
  kind,
  key,
}: Pick<DesiredEvent, 'conversation' | 'anchor' | 'kind' | 'key'>): string {
  return eventKey({ conversation, leg: anchor?.index ?? null, kind, key });
}

/** Conversations of which every leg that was opened has been ended. */
function closedConversations(histories: ReadonlyMap<string, LegHistory>): ReadonlySet<string> {
  const opened = [...histories.values()].filter((history) => history.opened !== undefined);
  const all = new Set(opened.map(({ leg }) => leg.conversation));
  for (const { leg, ended } of opened) if (ended === undefined) all.delete(leg.conversation);
  return all;
}

function isOfCommunication(kind: EventKind): boolean {
  return isEstablishing(kind) || kind.startsWith('communication') || kind === 'holdUpdated';
}

function withInviter(fields: DesiredEvent['fields'], invitedBy: string) {
  const initial = fields.initialConfiguration;
  const known = typeof initial === 'object' && initial !== null ? initial : {};
  return { ...fields, initialConfiguration: { ...known, invitedBy } };
}
