import {
  deliveryText,
  isSettled,
  readDelivery,
  type DeliveryRecord,
} from '../decision/delivery-record.js';
import {
  foldInteraction,
  type EndReason,
  type Interaction,
  type InteractionFlag,
  type LogEntry,
  type Pin,
} from '../interaction/index.js';
import { readEvent, readSegment } from './entry-text.js';
import { readLegPin, readPin } from './pin-text.js';

/** The fields of the hash of one call. */
export type CallFields = Readonly<Record<string, string>>;

export type FieldWrite = {
  readonly callUUID: string;
  readonly field: string;
  /** undefined removes the field */
  readonly value: string | undefined;
};

/** What Redis keeps of an interaction, as it stood at one moment. */
export type StoredInteraction = {
  /** By the links between calls. */
  readonly rootCallUUID: string;
  /** The root first; calls of which only the archive has something have revision 0. */
  readonly calls: readonly {
    readonly callUUID: string;
    readonly rev: string;
    readonly fields: CallFields;
  }[];
  /** Whether the archive has it from an earlier end; `damaged`: what it has cannot be read. */
  readonly archive: 'none' | 'read' | 'damaged';
};

/** Where the pull of metadata from RWS stands (docs/design/CONTRACTS.md#24-gir-rws). */
export type PullRecord = {
  readonly state: 'pending' | 'complete' | 'missing';
  readonly attempts: number;
  readonly startedAtMs: number;
  readonly cause?: string | undefined;
  readonly nextTryAtMs?: number | undefined;
};

/** Why nothing may be decided about an interaction: something that was kept of it cannot be read. */
export type HeldBy = 'archive-damaged' | 'entry-unreadable';

export type KeptInteraction = {
  readonly stored: StoredInteraction;
  readonly entries: readonly LogEntry[];
  readonly dispatches: ReadonlyMap<string, DeliveryRecord>;
  /** Ids that were told to EXRP or GC. */
  readonly pins: readonly Pin[];
  /** The call under which each media file is kept. */
  readonly callOfMedia: ReadonlyMap<string, string>;
  readonly lastSeenAtMs: number;
  readonly ended: { readonly atMs: number; readonly why: EndReason } | undefined;
  /** An administrator asked for its end, and nobody has acted on it yet. */
  readonly endRequested: boolean;
  /** Events were left out on arrival. */
  readonly capped: boolean;
  /** A call of it belongs to another interaction that has too many calls already. */
  readonly unlinked: boolean;
  readonly pull: PullRecord | undefined;
  /** How the ledger was told that it stands, in the words of whoever told it; undefined: not at all. */
  readonly told: string | undefined;
  readonly held: HeldBy | undefined;
};

const endReasons: readonly EndReason[] = [
  'calls-deleted',
  'quiet',
  'admin',
  'timed-out',
  'parent-unknown',
];

/** Reads the log and the notes of an interaction; what cannot be read is left out, and holds it. */
export function readInteraction(stored: StoredInteraction): KeptInteraction {
  const entries: LogEntry[] = [];
  const dispatches = new Map<string, DeliveryRecord>();
  const pins: Pin[] = [];
  const callOfMedia = new Map<string, string>();
  let lastSeenAtMs = 0;
  let isEndRequested = false;
  let isCapped = false;
  let isUnlinked = false;
  let held: HeldBy | undefined = stored.archive === 'damaged' ? 'archive-damaged' : undefined;
  for (const { callUUID, fields } of stored.calls) {
    for (const [field, text] of Object.entries(fields)) {
      const name = field.slice(2);
      if (field.startsWith('s:')) callOfMedia.set(name, callUUID);
      try {
        if (field.startsWith('e:')) entries.push(readEvent(callUUID, name, text, fields.unlinked));
        else if (field.startsWith('d:')) dispatches.set(name, readDelivery(text));
        else if (field.startsWith('p:')) pins.push(readPin(callUUID, name, text));
        else if (field.startsWith('l:')) pins.push(readLegPin(callUUID, text));
        else if (field.startsWith('s:'))
          entries.push({ kind: 'segment', segment: readSegment(text, fields[`r:${name}`]) });
      } catch {
        held ??= 'entry-unreadable';
      }
    }
    lastSeenAtMs = Math.max(lastSeenAtMs, Number(fields.lastSeenAtMs ?? 0));
    isEndRequested ||= fields.endRequested !== undefined;
    isCapped ||= fields.capped !== undefined;
    isUnlinked ||= fields.unlinked !== undefined;
  }
  const root = stored.calls[0]?.fields ?? {};
  return {
    stored,
    entries,
    dispatches,
    pins: pins.sort((left, right) => left.startMs - right.startMs),
    callOfMedia,
    lastSeenAtMs,
    ended: endOfRoot(root),
    endRequested: isEndRequested,
    capped: isCapped,
    unlinked: isUnlinked,
    pull: root.pull === undefined ? undefined : (JSON.parse(root.pull) as PullRecord), // written by us
    told: root.told,
    held,
  };
}

/** The end of an interaction, as its root keeps it. */
export function endOfRoot(root: CallFields): KeptInteraction['ended'] {
  const why = endReasons.find((reason) => reason === root.endedWhy);
  return root.endedAtMs === undefined || why === undefined
    ? undefined
    : { atMs: Number(root.endedAtMs), why };
}

/** `open`: not over; `ended`: something is still to be sent; `finished`: nothing more happens by itself. */
export function progressOf({
  ended,
  callOfMedia,
  dispatches,
  pull,
}: KeptInteraction): 'open' | 'ended' | 'finished' {
  if (ended === undefined) return 'open';
  const isAllSettled = [...callOfMedia.keys()].every((mediaId) => {
    const record = dispatches.get(mediaId);
    return record !== undefined && isSettled(record);
  });
  return isAllSettled && pull?.state !== 'pending' ? 'finished' : 'ended';
}

const folded = new WeakMap<KeptInteraction, Interaction>();

/** What is known of the interaction: its log, folded with what was settled about it. A log is folded once. */
export function interactionOf(kept: KeptInteraction): Interaction {
  const known = folded.get(kept);
  if (known !== undefined) return known;
  const interaction = foldKept(kept);
  folded.set(kept, interaction);
  return interaction;
}

function foldKept(kept: KeptInteraction): Interaction {
  const { rootCallUUID, calls } = kept.stored;
  const parents = new Map(
    calls.flatMap(({ callUUID, fields: { parent } }) =>
      parent === undefined ? [] : [[callUUID, parent]],
    ),
  );
  const told = new Map(
    [...kept.dispatches].flatMap(([mediaId, record]) =>
      record.told === undefined ? [] : [[mediaId, record.told]],
    ),
  );
  return foldInteraction(kept.entries, {
    ...{ membership: { rootCallUUID, parents }, pins: kept.pins, told },
    flags: flagsOf(kept),
  });
}

function flagsOf({ ended, capped, unlinked, pull }: KeptInteraction): InteractionFlag[] {
  const flags: InteractionFlag[] = [];
  if (capped) flags.push('event-cap');
  if (unlinked) flags.push('call-cap');
  if (ended?.why === 'timed-out' || ended?.why === 'parent-unknown') flags.push(ended.why);
  if (pull?.state === 'missing') flags.push('metadata-missing');
  return flags;
}

/** The note of what becomes of a segment. */
export function deliveryWrite(
  { callOfMedia, stored }: KeptInteraction,
  mediaId: string,
  record: DeliveryRecord,
): FieldWrite {
  const callUUID = callOfMedia.get(mediaId) ?? stored.rootCallUUID;
  return { callUUID, field: `d:${mediaId}`, value: deliveryText(record) };
}
