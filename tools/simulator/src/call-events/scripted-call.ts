import type { CallType } from './call-event.js';

/** One call, told as what happened on it; all times are epoch milliseconds. */
export type ScriptedCall = {
  readonly callUUID: string;
  readonly connID: string;
  readonly parentCallUUID?: string;
  readonly callType: CallType;
  readonly ani: string;
  readonly dnis: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Attached when the call was created. */
  readonly userData?: Readonly<Record<string, string>>;
  readonly happenings: readonly Happening[];
};

export type Happening = QueueVisit | PartyPresence | DataChange;

export type QueueVisit = {
  readonly kind: 'queue';
  readonly queue: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** The DN to which the queue gave the call; absent when the caller hung up. */
  readonly toDn?: string;
};

export type PartyPresence = {
  readonly kind: 'party';
  readonly dn: string;
  readonly partyType: 'agent' | 'trunk';
  readonly agentId?: string;
  /** Absent when the party joined without ringing, as after a consult transfer. */
  readonly ringingMs?: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly holds?: readonly { readonly fromMs: number; readonly untilMs: number }[];
};

export type DataChange = {
  readonly kind: 'data';
  readonly atMs: number;
  readonly userData: Readonly<Record<string, string | null>>;
};
