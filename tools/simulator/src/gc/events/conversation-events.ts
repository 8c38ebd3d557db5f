import * as z from 'zod';
import { ok, type Call, type Endpoint, type Reply } from '../http/endpoint.js';
import { GcError } from '../http/gc-error.js';
import { parseJsonBody } from '../http/read-body.js';
import type { Organization } from '../organization/organization.js';
import { eventShapes } from './event-shapes.js';

const batchSchema = z.record(z.string(), z.array(z.looseObject({})));

export type InjectedEvent = {
  readonly kind: string;
  readonly event: Readonly<Record<string, unknown>>;
};

/** Conversations as GC knows them: by the events injected for them [F 4.7]. An event id counts once. */
export class ConversationEvents {
  readonly #conversations = new Map<string, InjectedEvent[]>();
  readonly #eventIds = new Set<string>();
  readonly #organization: Organization;

  constructor(organization: Organization) {
    this.#organization = organization;
  }

  isKnown(conversationId: string): boolean {
    return this.#conversations.has(conversationId);
  }

  /** `{conversationId: its events in the order they came}`. */
  all(): Record<string, readonly InjectedEvent[]> {
    return Object.fromEntries(this.#conversations);
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
    const batch = Object.entries(parseJsonBody(call, batchSchema));
    const unknown = batch.find(([kind]) => !(kind in eventShapes));
    if (unknown) throw new GcError(400, 'bad.request', `Unrecognized field "${unknown[0]}".`);
    const errors = batch.flatMap(([kind, events]) =>
      events.flatMap((event) => {
        const message = this.#take(kind, event);
        return message === undefined ? [] : [{ eventId: event.eventId, message, retryable: false }];
      }),
    );
    return ok({ errors });
  }

  /** Keeps the event, or says why not. */
  #take(kind: string, event: Readonly<Record<string, unknown>>): string | undefined {
    const parsed = eventShapes[kind]?.safeParse(event);
    if (!parsed?.success) {
      return (
        parsed?.error.issues
          .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
          .join('; ') ?? 'unknown kind'
      );
    }
    const stranger = this.#strangerIn(event);
    if (stranger !== undefined) return stranger;
    const { eventId, conversationId } = parsed.data;
    if (this.#eventIds.has(eventId)) return undefined;
    this.#eventIds.add(eventId);
    const events = this.#conversations.get(conversationId) ?? [];
    events.push({ kind, event });
    this.#conversations.set(conversationId, events);
    return undefined;
  }

  #strangerIn(event: Readonly<Record<string, unknown>>): string | undefined {
    const { users, queues } = this.#organization.configuration;
    const userId = event.userId ?? event.destinationUserId;
    if (userId !== undefined && !users.some(({ id }) => id === userId))
      return 'userId: no such user';
    const queueId = event.queueId ?? event.destinationQueueId;
    if (queueId !== undefined && !queues.some(({ id }) => id === queueId))
      return 'queueId: no such queue';
    return undefined;
  }
}
