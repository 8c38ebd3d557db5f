import { arrayOf } from '../journal/event-kind.js';
import type { Outgoing } from '../store/outgoing.js';

/** A conversation's part of a request: the first `count` of the events that were read. */
export type Part = {
  readonly conversation: string;
  readonly read: readonly Outgoing[];
  readonly count: number;
};

export type BatchLimits = { readonly events: number; readonly bytes: number };

/** An array's name, brackets, colon and comma. */
const arrayBytes = 40;

/**
 * Fills a request with conversations, in the given order; of each its events in the order of its journal. The first one
 * gets in whatever its size: an event that is too long by itself is for GC to refuse. Pure.
 */
export function fillBatch(
  conversations: readonly { readonly conversation: string; readonly read: readonly Outgoing[] }[],
  limits: BatchLimits,
): Part[] {
  const parts: Part[] = [];
  let { events, bytes } = limits;
  for (const { conversation, read } of conversations) {
    let count = 0;
    for (const { json } of read) {
      const size = Buffer.byteLength(json) + 1 + arrayBytes;
      const isFirst = parts.length === 0 && count === 0;
      if (!isFirst && (events < 1 || bytes < size)) break;
      count += 1;
      events -= 1;
      bytes -= size;
    }
    if (count > 0) parts.push({ conversation, read, count });
    if (count < read.length) break;
  }
  return parts;
}

/** The body of the request: each array by time. */
export function bodyOf(parts: readonly Part[]): Record<string, OutgoingEvent[]> {
  const events = parts
    .flatMap(({ read, count }) => read.slice(0, count))
    .toSorted((left, right) => left.atMs - right.atMs);
  const body: Record<string, OutgoingEvent[]> = {};
  for (const { kind, json } of events) (body[arrayOf(kind)] ??= []).push(parseOutgoing(json));
  return body;
}

export type OutgoingEvent = {
  readonly eventId: string;
  readonly eventDateTime: string;
  readonly conversationId: string;
  readonly communicationId?: string;
  readonly initialConfiguration?: {
    readonly invitedBy?: string;
    readonly additionalInfo?: { readonly dn?: string };
  };
  readonly sourceConfiguration?: { readonly sourceId: string };
  readonly [field: string]: unknown;
};

export function parseOutgoing(json: string): OutgoingEvent {
  return JSON.parse(json) as OutgoingEvent; // written by the journal
}
