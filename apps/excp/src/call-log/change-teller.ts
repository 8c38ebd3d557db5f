import { outboxArguments, type OutboxEntry } from '@exrec/service-kit';
import type { LogEntry, SegmentMetadata } from '../interaction/index.js';
import type { FieldWrite, KeptInteraction } from './kept-interaction.js';

/** Entries, and what is noted with the interaction once they are written: it is compared with what is to be told next. */
export type Told = { readonly note?: string; readonly entries: readonly OutboxEntry[] };

/** Words for what changes, for whoever wants to know. */
export interface ChangeTeller {
  /** Of an entry with which an interaction begins; none where it belongs to another one. */
  seen(entry: LogEntry): readonly OutboxEntry[];
  collected(segment: SegmentMetadata): OutboxEntry;
  changes(kept: KeptInteraction, writes: readonly FieldWrite[]): Told;
  delivered(kept: KeptInteraction, write: FieldWrite): readonly OutboxEntry[];
  finished(kept: KeptInteraction): readonly OutboxEntry[];
  all(kept: KeptInteraction): Told;
}

/** As `tellOf` of Lua takes them; nothing without a ledger. */
export function toldArguments(told: Told | undefined): string[] {
  return told === undefined ? [] : [told.note ?? '', ...outboxArguments(told.entries)];
}

/** The end of an item of `append.lua`: id and JSON of a segment, JSON of the interaction that may begin with the entry. */
export function entryArguments(
  teller: ChangeTeller | undefined,
  entry: LogEntry,
): readonly [id: string, told: string, seen: string] | readonly [] {
  if (teller === undefined) return [];
  const [, , seen = ''] = outboxArguments(teller.seen(entry));
  if (entry.kind === 'event') return ['', '', seen];
  const [, id = '', told = ''] = outboxArguments([teller.collected(entry.segment)]);
  return [id, told, seen];
}
