/** How conversations are made: settings (docs/design/CONTRACTS.md#10-conversations (9)) and the hybrid_integration file. */
export type ConversationOptions = {
  /** Whose legs count as recorded from their beginning. */
  readonly recordedParties: readonly ('agents' | 'trunks')[];
  /** What an agent without a GC user becomes. */
  readonly unknownAgent: 'phone' | 'external' | 'skip';
  readonly transferEvents: boolean;
  readonly isIvr: (dn: string) => boolean;
};

/** What GC knows of the contact centre, as last read. */
export type GcDirectory = {
  /** The presence source that stands for Engage. */
  readonly sourceId: string;
  /** undefined: GC is being asked. */
  userIdOf(agentId: string): string | null | undefined;
  queueIdOf(queue: string): string | null;
};

/** Waits that Genesys says nothing of (docs/design/CONVERSATIONS.md#22-ids-and-sending-times). */
export const waits = {
  /** For what comes next when somebody has left a call that goes on. */
  handoverMs: 1_200,
  /** A call that is deleted so soon after somebody left was over then. */
  callOverMs: 1_000,
  /** For the login of an agent, or for the trunk of an inbound call. */
  identityMs: 500,
  /** For the trunk of a call that an agent dials. */
  dialledMs: 10_000,
  /** For the parent of a consult call. */
  parentMs: 5_000,
} as const;
