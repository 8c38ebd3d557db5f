import {
  ledgerEntrySchemas,
  ledgerEntryVersion,
  type InjectionEntry,
  type InteractionEntry,
  type ReconciliationEntry,
  type SegmentEntry,
} from '@exrec/service-kit';

/** An entry of the stream as it came: its id, and its fields by name. */
export type RawEntry = {
  readonly streamId: string;
  readonly fields: Readonly<Record<string, string>>;
};

type Subject<K extends string, D> = {
  readonly kind: K;
  /** Of the subject: recordingId, root callUUID or `latest`. */
  readonly id: string;
  /** Grows with every change in the fleet. */
  readonly rev: number;
  readonly data: D;
};

export type Entry =
  | Subject<'segment', SegmentEntry>
  | Subject<'injection', InjectionEntry>
  | Subject<'interaction', InteractionEntry>
  | Subject<'reconciliation', ReconciliationEntry>;

export type EntryReading =
  | { readonly kind: 'ok'; readonly entry: Entry }
  | { readonly kind: 'unknown-version' | 'unreadable'; readonly reason: string };

/** Entries of one millisecond that are told apart; within one step there is one for each subject. */
const entriesOfOneMs = 4_096;

/**
 * The revision that a stream id `<ms>-<number>` stands for. A number of 53 bits until the year 2039.
 */
export function revisionOf(streamId: string): number {
  const [ms = '0', number = '0'] = streamId.split('-');
  return Number(ms) * entriesOfOneMs + Math.min(Number(number), entriesOfOneMs - 1);
}

/** When the change with this revision happened, by Redis' clock, epoch ms. */
export function timeOfRevision(rev: number): number {
  return Math.floor(rev / entriesOfOneMs);
}

/** PostgreSQL keeps no NUL in a text. */

const nul = /\\u0000|\u0000/g;

export function readEntry({ streamId, fields }: RawEntry): EntryReading {
  const { v, k, id, d = '' } = fields;
  if (v !== String(ledgerEntryVersion))
    return { kind: 'unknown-version', reason: `version ${versionWord(v)}` };
  const schema = Object.entries(ledgerEntrySchemas).find(([kind]) => kind === k)?.[1];
  if (schema === undefined) return { kind: 'unknown-version', reason: 'a kind of a later release' };
  if (id === undefined || id === '') return { kind: 'unreadable', reason: 'no id' };
  try {
    const data = schema.parse(JSON.parse(d.replace(nul, '\\ufffd')));
    const rev = fields.rev === undefined ? revisionOf(streamId) : Number(fields.rev);
    // The schema is that of the kind.
    return { kind: 'ok', entry: { kind: k, id, rev, data } as Entry };
  } catch {
    // What could not be read is not quoted: it may hold numbers.
    return { kind: 'unreadable', reason: 'not as this version says' };
  }
}

/** What stands there may be anything, and the reason goes into logs. */
function versionWord(version: string | undefined): string {
  if (version === undefined) return 'missing';
  return /^\d{1,9}$/.test(version) ? version : 'unreadable';
}
