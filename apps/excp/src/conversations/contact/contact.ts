/**
 * An interaction as conversations see it: who was where and when, free of how it became known. Times in epoch ms.
 */
export type Contact = {
  readonly rootCallUUID: string;
  readonly direction: 'inbound' | 'outbound' | 'internal';
  /** False: only metadata tell of it, and nothing is known before it is over. */
  readonly hasCallEvents: boolean;
  readonly calls: readonly ContactCall[];
  /** By beginning; queues are no presences. */
  readonly presences: readonly Presence[];
  /** By entry. */
  readonly visits: readonly Visit[];
  /** The recordings that go to GC, by start. */
  readonly recordings: readonly RecordedStay[];
  /** Time of the newest call event; how far the feed has come. */
  readonly feedAtMs: number;
};

export type ContactCall = {
  readonly callUUID: string;
  /** Root call of the conversation to which what happens on this call belongs. */
  readonly conversation: string;
  /** A call linked to another one of the contact. */
  readonly isConsult: boolean;
  /** A consult whose parent nobody has named (yet). */
  readonly lacksParent: boolean;
  readonly ani: string | undefined;
  readonly dnis: string | undefined;
  readonly startedAtMs: number | undefined;
  readonly deletedAtMs: number | undefined;
  readonly releasedBy: string | undefined;
};

export type Presence = {
  readonly callUUID: string;
  readonly dn: string;
  /** Number of this presence of the DN on the call in the present fold; it may shift. */
  readonly ordinal: number;
  readonly party: 'agent' | 'trunk' | 'other';
  readonly agentId: string | undefined;
  readonly addedAtMs: number;
  readonly answeredAtMs: number | undefined;
  readonly goneAtMs: number | undefined;
  readonly releasedBy: string | undefined;
  readonly holds: readonly { readonly fromMs: number; readonly toMs: number | undefined }[];
  /** The visit that brought the call here, on whichever call it was. */
  readonly deliveredBy: VisitName | undefined;
  readonly queue: string | undefined;
};

export type VisitName = {
  readonly callUUID: string;
  readonly queue: string;
  readonly number: number;
};

export type Visit = VisitName & {
  readonly enteredAtMs: number;
  readonly leftAtMs: number | undefined;
  readonly divertedTo: string | undefined;
};

/** On whose behalf a recording was made. */
export type RecordedStay = {
  readonly mediaId: string;
  readonly callUUID: string;
  readonly dn: string;
  readonly ordinal: number;
  readonly party: 'agent' | 'trunk';
  readonly agentId: string | undefined;
  readonly queue: string | undefined;
  readonly startMs: number;
  readonly stopMs: number;
};
