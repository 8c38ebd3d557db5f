import type { EventKind, SoundEvent } from './event-shapes.js';
import { legOf, missingOf, type Leg } from './leg.js';
import { retryable, stated, type Refusal } from './refusal.js';

/** An event as it came. */
export type InjectedEvent = {
  readonly kind: EventKind;
  readonly event: Readonly<Record<string, unknown>>;
  /** When it was taken, epoch ms. */
  readonly takenAtMs: number;
};

/** One conversation as its events have built it (docs/design/CONVERSATIONS.md#62-conversation-state). */
export class Conversation {
  readonly events: InjectedEvent[] = [];
  /** What was refused, for a person; with `acceptAll` nobody else is told. */
  readonly refused: { readonly kind: string; readonly message: string }[] = [];
  readonly legs = new Map<string, Leg>();
  readonly #commands = new Set<string>();
  readonly #refusedLegs = new Set<string>();
  interactionId: string | undefined;
  #sourceId: string | undefined;
  externalTag: string | undefined;

  constructor(readonly conversationId: string) {}

  /** At least one leg, all of them ended and disposed of where that is required. */
  get isComplete(): boolean {
    return this.legs.size > 0 && this.missing.length === 0;
  }

  /** What is missing until it is complete, by leg. */
  get missing(): string[] {
    if (this.legs.size === 0) return ['no leg'];
    return [...this.legs.values()].flatMap((leg) => {
      const missing = missingOf(leg);
      return missing === undefined
        ? []
        : [`${leg.kind} ${leg.name || leg.communicationId} ${missing}`];
    });
  }

  /** Notes that the leg of this event will never be, so that what follows it is refused for good. */
  refuse(kind: string, event: Pick<SoundEvent, 'communicationId'>, refusal: Refusal): void {
    this.refused.push({ kind, message: refusal.message });
    const { communicationId } = event;
    if (communicationId !== undefined && !refusal.retryable) this.#refusedLegs.add(communicationId);
  }

  /** Takes the event, or says why not. */
  take(kind: EventKind, event: SoundEvent): Refusal | undefined {
    return legOf(kind, event) === undefined ? this.#change(kind, event) : this.#open(kind, event);
  }

  #open(kind: EventKind, event: SoundEvent): Refusal | undefined {
    const leg = legOf(kind, event);
    const { sourceConfiguration: source } = event;
    if (leg === undefined || source === undefined) return stated(kind, 'not an established event');
    if (this.legs.has(leg.communicationId)) return stated('communicationId', 'already established');
    const stranger = this.#stranger({ invitedBy: leg.invitedBy });
    if (stranger !== undefined) return stranger;
    const isOther =
      (this.interactionId ?? source.interactionId) !== source.interactionId ||
      (this.#sourceId ?? source.sourceId) !== source.sourceId;
    if (isOther) return stated('sourceConfiguration', 'not that of this conversation');
    this.interactionId = source.interactionId;
    this.#sourceId = source.sourceId;
    this.externalTag = source.tagId ?? this.externalTag;
    this.#refusedLegs.delete(leg.communicationId);
    this.legs.set(leg.communicationId, leg);
    return undefined;
  }

  #change(kind: EventKind, event: SoundEvent): Refusal | undefined {
    if (event.communicationId === undefined) return this.#transfer(kind, event);
    const leg = this.legs.get(event.communicationId);
    if (leg === undefined) {
      const isLost = this.#refusedLegs.has(event.communicationId);
      const refusal = stated('communicationId', 'not established');
      return isLost ? refusal : retryable(refusal);
    }
    const atMs = Date.parse(event.eventDateTime);
    if (atMs < leg.establishedAtMs) return stated('eventDateTime', 'before its communication');
    if (kind === 'communicationDispositionAppliedEvents') {
      leg.hasDisposition = true;
      return undefined;
    }
    if (leg.endedAtMs !== undefined) return stated('communicationId', 'has ended');
    return applyToOpen(leg, kind, { event, atMs });
  }

  #transfer(kind: EventKind, event: SoundEvent): Refusal | undefined {
    const stranger = this.#stranger({
      initiatingCommunicationId: event.initiatingCommunicationId,
      targetCommunicationId: event.targetCommunicationId,
      objectCommunicationId: event.objectCommunicationId,
      destinationCommunicationId: event.destinationCommunicationId,
    });
    if (stranger !== undefined) return stranger;
    if (event.commandId === undefined) return undefined;
    const begins = kind !== 'progressTransferEvents' && kind !== 'endTransferEvents';
    if (begins) this.#commands.add(event.commandId);
    return this.#commands.has(event.commandId) ? undefined : stated('commandId', 'unknown');
  }

  #stranger(references: Readonly<Record<string, string | undefined>>): Refusal | undefined {
    const stranger = Object.entries(references).find(
      ([, id]) => id !== undefined && !this.legs.has(id),
    );
    return stranger && stated(stranger[0], 'not in this conversation');
  }
}

function applyToOpen(
  leg: Leg,
  kind: EventKind,
  { event, atMs }: { readonly event: SoundEvent; readonly atMs: number },
): Refusal | undefined {
  switch (kind) {
    case 'communicationAnsweredEvents':
      if (leg.answeredAtMs !== undefined) return stated('communicationId', 'not alerting');
      leg.answeredAtMs = atMs;
      return undefined;
    case 'holdUpdatedEvents': {
      const last = leg.holds.at(-1);
      if (event.held === true) leg.holds.push({ fromMs: atMs, toMs: undefined });
      else if (last !== undefined) last.toMs ??= atMs;
      return undefined;
    }
    case 'communicationEndedEvents':
      leg.endedAtMs = atMs;
      leg.disconnectType = event.disconnectType;
      return undefined;
    default:
      return undefined;
  }
}
