import * as z from 'zod';
import type { Clock } from '../clock.js';
import { ok, type Call, type Endpoint, type Reply } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import { parseJsonBody } from '../http/read-body.js';
import type { Organization } from '../organization/organization.js';
import type { PresenceSources } from '../presence/presence-sources.js';
import { Conversation, type InjectedEvent } from './conversation.js';
import { eventRulesSchema, type EventErrorOrder, type EventRules } from './event-rules.js';
import {
  eventKinds,
  eventShapes,
  isEventKind,
  type EventKind,
  type SoundEvent,
} from './event-shapes.js';
import { stated, type Refusal } from './refusal.js';
import { strangerOf } from './strangers.js';

export type { InjectedEvent } from './conversation.js';

const batchSchema = z.record(z.string(), z.array(z.looseObject({})));
const futureToleranceMs = 60_000;

type Raw = { readonly kind: EventKind; readonly event: Readonly<Record<string, unknown>> };
type EventError = {
  readonly eventId?: unknown;
  readonly message: string;
  readonly retryable: boolean;
};

export type EventCounts = { taken: number; duplicates: number; refused: number; requests: number };

export type ConversationEventsParts = {
  readonly organization: Organization;
  readonly sources: PresenceSources;
  readonly clock: Clock;
};

/** Conversations as GC knows them: by the events injected for them (docs/reference/genesys-facts.md#47-conversation-injection-what-excp-sends-to-gc). */
export class ConversationEvents {
  rules: EventRules = eventRulesSchema.parse({});
  readonly counts: EventCounts = { taken: 0, duplicates: 0, refused: 0, requests: 0 };
  readonly #conversations = new Map<string, Conversation>();
  /** What came first under each event id, and whether it was taken. */
  readonly #contents = new Map<string, { readonly text: string; taken: boolean }>();
  readonly #parts: ConversationEventsParts;
  #ordered: { readonly error: EventErrorOrder; left: number } | undefined;

  constructor(parts: ConversationEventsParts) {
    this.#parts = parts;
  }

  find(conversationId: string): Conversation | undefined {
    return this.#conversations.get(conversationId);
  }

  list(): Conversation[] {
    return [...this.#conversations.values()];
  }

  /** Whether a recording of this leg has all that it waits for (docs/design/CONVERSATIONS.md#62-conversation-state). */
  isWhole(conversationId: string, communicationId: string): boolean {
    const conversation = this.find(conversationId);
    return conversation?.isComplete === true && conversation.legs.has(communicationId);
  }

  /** `{conversationId: its events in the order they were taken}`. */
  all(): Record<string, readonly InjectedEvent[]> {
    return Object.fromEntries(this.list().map((each) => [each.conversationId, each.events]));
  }

  /** Changes how events are treated; what is not named becomes as usual. */
  order(rules: z.input<typeof eventRulesSchema>): void {
    this.rules = eventRulesSchema.parse(rules);
    const { eventError: error } = this.rules;
    this.#ordered = error && { error, left: error.times === 0 ? Infinity : error.times };
  }

  endpoints(): readonly Endpoint[] {
    return [
      {
        target: 'gc.events',
        method: 'POST',
        path: '/api/v2/events/conversations',
        permission: 'conversation:conversation:inject',
        handle: (call) => this.#inject(call),
      },
    ];
  }

  #inject(call: Call): Reply {
    this.counts.requests += 1;
    const events = readBatch(call, this.rules);
    const complete = new Set(this.list().flatMap((each) => (each.isComplete ? [each] : [])));
    const errors = inOrder(events).flatMap((raw): EventError[] => {
      const refusal = this.#take(raw, complete);
      if (refusal === undefined) return [];
      this.counts.refused += 1;
      const { eventId } = raw.event;
      return [
        {
          ...(refusal.named && { eventId }),
          message: refusal.message,
          retryable: refusal.retryable,
        },
      ];
    });
    return ok({ errors: this.rules.acceptAll ? [] : errors });
  }

  /** Keeps the event, or says why not. */
  #take(raw: Raw, complete: ReadonlySet<Conversation>): (Refusal & { named: boolean }) | undefined {
    const text = JSON.stringify(raw);
    const id = String(raw.event.eventId);
    const before = this.#contents.get(id);
    const named = (refusal: Refusal) => ({ ...refusal, named: true });
    if (before !== undefined && before.text !== text)
      return named(stated('eventId', 'used before'));
    if (before?.taken === true) {
      this.counts.duplicates += 1;
      return undefined;
    }
    const content = { text, taken: false };
    this.#contents.set(id, content);
    const ordered = this.#orderedFor(raw);
    if (ordered !== undefined) return ordered;
    const shape = eventShapes[raw.kind].safeParse(raw.event);
    if (!shape.success) return named(faultsOf(shape.error));
    const event: SoundEvent = shape.data;
    const conversation = this.#conversationOf(event.conversationId);
    const refusal =
      this.#untimely(event, complete.has(conversation)) ??
      strangerOf(event, this.#parts) ??
      conversation.take(raw.kind, event);
    if (refusal !== undefined) {
      conversation.refuse(raw.kind, event, refusal);
      return named(refusal);
    }
    content.taken = true;
    conversation.events.push({ ...raw, takenAtMs: this.#parts.clock.now() });
    this.counts.taken += 1;
    return undefined;
  }

  #conversationOf(conversationId: string): Conversation {
    const known = this.#conversations.get(conversationId);
    const conversation = known ?? new Conversation(conversationId);
    if (known === undefined) this.#conversations.set(conversationId, conversation);
    return conversation;
  }

  #untimely(event: SoundEvent, wasComplete: boolean): Refusal | undefined {
    const { maxAgeHours, refuseAfterEnd } = this.rules;
    const nowMs = this.#parts.clock.now();
    const atMs = Date.parse(event.eventDateTime);
    if (atMs > nowMs + futureToleranceMs) return stated('eventDateTime', 'in the future');
    if (maxAgeHours !== null && atMs < nowMs - maxAgeHours * 3_600_000)
      return stated('eventDateTime', 'too old');
    return refuseAfterEnd && wasComplete ? stated('conversationId', 'has ended') : undefined;
  }

  #orderedFor({ kind, event }: Raw): (Refusal & { named: boolean }) | undefined {
    const ordered = this.#ordered;
    if (ordered === undefined || ordered.left <= 0) return undefined;
    const { error } = ordered;
    if (error.kind !== undefined && error.kind !== kind) return undefined;
    if (error.conversationId !== undefined && error.conversationId !== event.conversationId)
      return undefined;
    ordered.left -= 1;
    return error;
  }
}

/** @throws GcError 400 for what GC refuses as a whole */
function readBatch(call: Call, { eventsPerRequest }: EventRules): Raw[] {
  const events = Object.entries(parseJsonBody(call, batchSchema)).flatMap(([kind, all]) => {
    if (!isEventKind(kind)) throw unrecognized(kind);
    return all.map((event) => {
      const unknown = eventShapes[kind]
        .safeParse(event)
        .error?.issues.find(({ code }) => code === 'unrecognized_keys');
      if (unknown !== undefined) throw unrecognized(unknown.message);
      return { kind, event };
    });
  });
  if (eventsPerRequest !== null && events.length > eventsPerRequest)
    throw new GcError(400, 'bad.request', `More than ${eventsPerRequest} events.`);
  return events;
}

function unrecognized(name: string): GcError {
  return new GcError(400, 'bad.request', `Unrecognized field "${name}".`);
}

/** By time, and within one instant as the kinds stand in the table. */
function inOrder(events: readonly Raw[]): Raw[] {
  const atMs = ({ event }: Raw) => Date.parse(String(event.eventDateTime)) || 0;
  return events.toSorted(
    (left, right) =>
      atMs(left) - atMs(right) || eventKinds.indexOf(left.kind) - eventKinds.indexOf(right.kind),
  );
}

function faultsOf(error: z.ZodError): Refusal {
  const faults = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return { message: faults.join('; '), retryable: false };
}
