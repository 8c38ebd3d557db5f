/** One event as a T-Library bridge delivers it to EXCP (docs/design/CONTRACTS.md#22-call-events, (docs/reference/genesys-facts.md#13-excp-behaviour)). */
export type CallEvent = {
  readonly eventId?: string;
  readonly event:
    | 'EventCallCreated'
    | 'EventCallDataChanged'
    | 'EventCallDeleted'
    | 'EventQueued'
    | 'EventDiverted'
    | 'EventCallPartyAdded'
    | 'EventCallPartyState'
    | 'EventCallPartyDeleted'
    | 'EventUserEvent';
  /** ISO 8601 with milliseconds. */
  readonly time: string;
  readonly callUUID: string;
  readonly connID?: string;
  readonly callType?: CallType;
  readonly parentCallUUID?: string;
  readonly ani?: string;
  readonly dnis?: string;
  readonly thisDN?: string;
  readonly thisQueue?: string;
  readonly thirdPartyDN?: string;
  readonly agentId?: string;
  readonly partyType?: PartyType;
  readonly partyState?: 'ringing' | 'established' | 'held';
  /** Changed keys, null deletes; on `EventUserEvent` the `participants`: a list of DNs. */
  readonly userData?: Readonly<Record<string, string | null | readonly string[]>>;
};

export type CallType = 'Inbound' | 'Outbound' | 'Internal' | 'Consult';
export type PartyType = 'agent' | 'trunk' | 'queue' | 'other';
