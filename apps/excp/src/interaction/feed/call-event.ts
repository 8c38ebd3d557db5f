import type { JsonObject } from './json-value.js';

/**
 * All call events (docs/reference/genesys-facts.md#13-excp-behaviour) (docs/design/CONTRACTS.md#22-call-events, docs/design/CONTRACTS.md#10-conversations (6)), in the order in which they apply when their times are equal and the
 * state doesn't decide. Append only: archives name them by number.
 */
export const callEventKinds = [
  'EventCallCreated',
  'EventCallDataChanged',
  'EventQueued',
  'EventDiverted',
  'EventCallPartyAdded',
  'EventCallPartyState',
  'EventUserEvent',
  'EventCallPartyDeleted',
  'EventCallDeleted',
  'EventAbandoned',
] as const;
export const callTypes = ['Inbound', 'Outbound', 'Internal', 'Consult'] as const;
export const partyTypes = ['agent', 'trunk', 'queue', 'other'] as const;
/** In the order in which they apply when their times are equal. */
export const partyStates = ['ringing', 'established', 'held'] as const;

export type CallEventKind = (typeof callEventKinds)[number];
export type CallType = (typeof callTypes)[number];
export type PartyType = (typeof partyTypes)[number];
export type PartyState = (typeof partyStates)[number];

/** One event of the T-Library feed (docs/design/CONTRACTS.md#22-call-events), read and checked. */
export interface CallEvent {
  /** As the feed gave it, else derived from the content; unique within its call. */
  readonly eventId: string;
  readonly event: CallEventKind;
  readonly timeMs: number;
  readonly callUUID: string;
  readonly connID?: string | undefined;
  readonly callType?: CallType | undefined;
  readonly parentCallUUID?: string | undefined;
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
  readonly thisDN?: string | undefined;
  readonly thisQueue?: string | undefined;
  readonly thirdPartyDN?: string | undefined;
  /** The DN that released, on `EventCallPartyDeleted` and `EventCallDeleted` (docs/design/CONTRACTS.md#10-conversations (6)). */
  readonly ctrlParty?: string | undefined;
  readonly agentId?: string | undefined;
  readonly partyType?: PartyType | undefined;
  readonly partyState?: PartyState | undefined;
  /** Changed keys; null deletes. Of an `EventUserEvent`, `participants` is the list of participants. */
  readonly userData?: JsonObject | undefined;
}
