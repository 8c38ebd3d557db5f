import type { StoredInteraction } from '../../call-log/kept-interaction.js';
import { eventKinds, type EventKind } from './event-kind.js';
import {
  journalStates,
  type Journal,
  type JournalEvent,
  type JournalLeg,
  type JournalState,
} from './journal.js';

/*
 * Fields in the hash of the root call of a conversation:
 *
 *   l:<index>   a leg: beginning (ms), number, callUUID ('' for the root call), place
 *   j:<index>   an event: state, leg ('-' for none), kind, time (ms), key
 *   m:<index>   what GC, or we, had to say about that event
 */

/** A field of a call's hash. */
export type JournalField = { readonly field: string; readonly value: string };

export function legField(leg: JournalLeg): JournalField {
  const { conversation, index, callUUID, place, number, startMs } = leg;
  const call = callUUID === conversation ? '' : callUUID;
  return { field: `l:${index}`, value: [startMs, number, call, place].join(' ') };
}

export function eventField(event: JournalEvent): JournalField {
  const { index, state, leg, kind, atMs, key } = event;
  return { field: `j:${index}`, value: [state, leg ?? '-', kind, atMs, key].join(' ') };
}

export function messageField(
  { index }: Pick<JournalEvent, 'index'>,
  message: string,
): JournalField {
  return { field: `m:${index}`, value: message };
}

/** The journal of all conversations of an interaction. What cannot be read counts as not there. */
export function readJournal({ calls }: Pick<StoredInteraction, 'calls'>): Journal {
  const legs: JournalLeg[] = [];
  const events: JournalEvent[] = [];
  for (const { callUUID: conversation, fields } of calls) {
    for (const [field, value] of Object.entries(fields)) {
      const index = field.slice(2);
      if (field.startsWith('l:')) legs.push(...readLeg(conversation, index, value));
      if (field.startsWith('j:')) {
        const event = readEvent(conversation, index, value);
        const message = fields[`m:${index}`];
        if (event !== undefined) events.push(message === undefined ? event : { ...event, message });
      }
    }
  }
  return {
    legs: legs.toSorted((left, right) => left.index - right.index),
    events: events.toSorted((left, right) => parseInt(left.index, 10) - parseInt(right.index, 10)),
  };
}

function readLeg(conversation: string, index: string, text: string): JournalLeg[] {
  const [startMs = '', number = '', callUUID = '', ...place] = text.split(' ');
  const leg: JournalLeg = {
    conversation,
    index: Number(index),
    callUUID: callUUID === '' ? conversation : callUUID,
    place: place.join(' '),
    number: Number(number),
    startMs: Number(startMs),
  };
  return Number.isSafeInteger(leg.index) && leg.number >= 1 ? [leg] : [];
}

function readEvent(conversation: string, index: string, text: string): JournalEvent | undefined {
  const [stateText = '', legText = '', kindText = '', atText = '', ...key] = text.split(' ');
  const state = journalStates.find((each): each is JournalState => each === stateText);
  const kind = eventKinds.find((each): each is EventKind => each === kindText);
  const atMs = Number(atText);
  if (state === undefined || kind === undefined || !Number.isSafeInteger(atMs)) return undefined;
  const leg = legText === '-' ? null : Number(legText);
  return { conversation, index, leg, kind, key: key.join(' '), atMs, state };
}
