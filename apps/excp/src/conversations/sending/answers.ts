import type { ConversationEventError } from '@exrec/gc-api';
import { isEstablishing } from '../journal/event-kind.js';
import type { JournalEvent, JournalState } from '../journal/journal.js';
import type { ConversationOptions } from '../options.js';
import { parseOutgoing, type OutgoingEvent, type Part } from './batch.js';
import type { Outgoing } from '../store/outgoing.js';
import { substituteFor, withSource } from './substitutes.js';

export type AnswerOptions = Pick<ConversationOptions, 'unknownAgent'> & {
  /** Ours as it is known now; `isDoubted`: GC has refused it before, and names no other. */
  readonly source: { readonly id: string | undefined; readonly isDoubted: boolean };
};

export type PartOutcome = {
  /** What is still to be sent, in order. */
  readonly back: readonly Outgoing[];
  /** Journal entries that have changed, and those of substitutes. */
  readonly entries: readonly Omit<JournalEvent, 'conversation'>[];
  /** Something has to be sent again: the conversation waits. */
  readonly waits: boolean;
  /** A source that GC does not know. */
  readonly refusedSource: string | undefined;
  /** Legs that GC has refused for good just now. */
  readonly lostLegs: number;
};

/**
 * What GC's answer means for the events of one conversation (docs/design/CONVERSATIONS.md#5-rate-and-batches, docs/design/CONVERSATIONS.md#8-clarifications (5)), read in the order of its journal:
 * taken, to be sent again, refused for good, or dropped since the leg they belong to was. What depends on something that is
 * sent again waits with it. Pure.
 */
export function outcomeOf(
  { read, count }: Part,
  errors: ReadonlyMap<string, ConversationEventError>,
  options: AnswerOptions,
): PartOutcome {
  const lost = new Set<string>();
  const waiting = new Set<string>();
  const back: Outgoing[] = [];
  const entries: Omit<JournalEvent, 'conversation'>[] = [];
  let refusedSource: string | undefined;
  const note = (item: Outgoing, state: JournalState, message?: string) =>
    entries.push({ ...entryOf(item), state, ...(message !== undefined && { message }) });
  read.forEach((item, position) => {
    const event = parseOutgoing(item.json);
    const error = errors.get(event.eventId);
    const names = namedLegs(event, item);
    if (position >= count) {
      if (names.some((id) => lost.has(id))) note(item, 'dropped', legRefused);
      else back.push(item);
      return;
    }
    if (error === undefined || saysKnown(error.message)) {
      note(item, 'taken');
      return;
    }
    const own = event.communicationId ?? '';
    const again = () => {
      note(item, 'sent', error.message);
      back.push(item);
      if (isEstablishing(item.kind)) waiting.add(own);
    };
    if (error.retryable || allNamed(event, item).some((id) => waiting.has(id))) {
      again();
      return;
    }
    if (names.some((id) => lost.has(id))) {
      note(item, 'dropped', legRefused);
      return;
    }
    const source = isEstablishing(item.kind) ? sourceIn(event, error.message) : undefined;
    const isOurs = source !== undefined && source === options.source.id;
    if (isOurs) refusedSource = source;
    // It waits until GC has been asked which one it is now.
    const isAsked = isOurs ? !options.source.isDoubted : options.source.id === undefined;
    if (source !== undefined && isAsked) {
      again();
      return;
    }
    note(item, 'refused', error.message);
    if (!isEstablishing(item.kind)) return;
    const substitute =
      source === undefined
        ? substituteFor(item, lost, options)
        : withSource(item, source, options.source.id);
    if (substitute === undefined) {
      lost.add(own);
      return;
    }
    note(substitute, 'planned');
    back.push(substitute);
    waiting.add(own);
  });
  const waits = waiting.size > 0 || hasSent(entries);
  return { back, entries, waits, refusedSource, lostLegs: lost.size };
}

/** The source of an event, if that is what GC does not like. */
function sourceIn({ sourceConfiguration }: OutgoingEvent, message: string): string | undefined {
  return /source/i.test(message) ? sourceConfiguration?.sourceId : undefined;
}

const legRefused = 'the leg it belongs to was refused';

/**
 * GC may count the same event twice as a fault, after an answer that never came: then it has it. Its words are not
 * known; these are the likely ones.
 */
function saysKnown(message: string): boolean {
  return /already|duplicate/i.test(message);
}

function hasSent(entries: readonly { readonly state: JournalState }[]): boolean {
  return entries.some(({ state }) => state === 'sent');
}

/** Legs without which the event means nothing. */
function namedLegs(event: OutgoingEvent, { kind }: Outgoing): string[] {
  const references = [
    event.initiatingCommunicationId,
    event.targetCommunicationId,
    event.objectCommunicationId,
    event.destinationCommunicationId,
  ].flatMap((id) => (typeof id === 'string' ? [id] : []));
  const own = isEstablishing(kind) ? undefined : event.communicationId;
  return own === undefined ? references : [own, ...references];
}

function allNamed(event: OutgoingEvent, item: Outgoing): string[] {
  const { invitedBy } = event.initialConfiguration ?? {};
  return invitedBy === undefined ? namedLegs(event, item) : [invitedBy, ...namedLegs(event, item)];
}

function entryOf({ index, leg, kind, key, atMs }: Outgoing) {
  return { index, leg, kind, key, atMs };
}
