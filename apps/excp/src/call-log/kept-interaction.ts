import { readDispatch, type DispatchRecord } from '../dispatch/dispatch-record.js';
import type { EndReason, LogEntry } from '../interaction/index.js';
import { readEvent, readSegment } from './entry-text.js';

/** The fields of the hash of one call. */
export type CallFields = Readonly<Record<string, string>>;

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

/** Where the pull of metadata from RWS stands (CONTRACTS 2.4). */
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
  readonly dispatches: ReadonlyMap<string, DispatchRecord>;
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
  readonly held: HeldBy | undefined;
};

const endReasons: readonly EndReason[] = ['calls-deleted', 'quiet', 'admin', 'timed-out'];

/** Reads the log and the notes of an interaction; what cannot be read is left out, and holds it. */
export function readInteraction(stored: StoredInteraction): KeptInteraction {
  const entries: LogEntry[] = [];
  const dispatches = new Map<string, DispatchRecord>();
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
        else if (field.startsWith('d:')) dispatches.set(name, readDispatch(text));
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
    callOfMedia,
    lastSeenAtMs,
    ended: endOfRoot(root),
    endRequested: isEndRequested,
    capped: isCapped,
    unlinked: isUnlinked,
    pull: root.pull === undefined ? undefined : (JSON.parse(root.pull) as PullRecord), // written by us
    held,
  };
}

function endOfRoot(root: CallFields): KeptInteraction['ended'] {
  const why = endReasons.find((reason) => reason === root.endedWhy);
  return root.endedAtMs === undefined || why === undefined
    ? undefined
    : { atMs: Number(root.endedAtMs), why };
}
