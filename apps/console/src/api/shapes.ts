/** What the ledger answers (docs/design/CONTRACTS.md#11-ledger): only the fields that are shown. */
export type Caller = { readonly name: string; readonly role: 'viewer' | 'operator' | 'admin' };

export type PhoneNumber = { readonly lastFour: string; readonly number?: string } | null;

export type Recording = {
  readonly recordingId: string;
  readonly interactionId: string | null;
  readonly callUUID: string | null;
  readonly mediaId: string | null;
  readonly agent: string | null;
  readonly dn: string | null;
  readonly queue: string | null;
  readonly recordedParty: string | null;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly durationMs: number | null;
  readonly scope: { readonly inScope: boolean; readonly rule: string | null } | null;
  readonly sta: string | null;
  readonly program: { readonly id: string; readonly name: string | null } | null;
  readonly language: string | null;
  readonly state: string;
  readonly cause: string | null;
  readonly detail: string | null;
  readonly attempts: number;
  readonly nextTryAt: string | null;
  readonly acceptedAt: string | null;
  readonly uploadedAt: string | null;
  readonly confirmedAt: string | null;
  readonly flags: readonly string[];
};

export type Attempt = {
  readonly attempt: number;
  readonly outcome: string;
  readonly cause?: string;
  readonly detail?: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
};

export type TrailStep = { readonly rule?: string; readonly value?: string };

export type WholeRecording = Recording & {
  readonly staTrail: readonly TrailStep[] | null;
  readonly history: readonly Attempt[];
  readonly requeues: readonly {
    readonly at: string;
    readonly by: string;
    readonly why: string | null;
  }[];
  readonly audio: { readonly sizeBytes: number | null; readonly sha256: string | null };
  readonly zip: { readonly sizeBytes: number | null; readonly sha256: string | null };
  readonly keyFingerprint: string | null;
  readonly uploadKey: string | null;
  readonly reportStatus: string | null;
};

export type Interaction = {
  readonly interactionId: string;
  readonly conversationId?: string;
  readonly callUUIDs?: readonly string[];
  readonly state?: string;
  readonly direction?: string | null;
  readonly ani?: PhoneNumber;
  readonly dnis?: PhoneNumber;
  readonly startTime?: string | null;
  readonly endTime?: string | null;
  readonly agents?: readonly string[];
  readonly flags?: readonly string[];
  readonly conversation?: { readonly state: string; readonly detail: string | null } | null;
  readonly recordings: readonly WholeRecording[];
};

/** EXCP's own record of a call, as long as it has one. */
export type CallLog = {
  readonly parties?: readonly {
    readonly dn: string;
    readonly agentId?: string;
    readonly partyType?: string;
    readonly addedAt: string | null;
    readonly establishedAt: string | null;
    readonly goneAt: string | null;
    readonly intervals: readonly {
      readonly state: string;
      readonly from: string | null;
      readonly to: string | null;
    }[];
  }[];
  readonly queueVisits?: readonly {
    readonly queue: string;
    readonly enteredAt: string | null;
    readonly leftAt: string | null;
  }[];
  readonly userData?: readonly {
    readonly at: string | null;
    readonly changes?: Readonly<Record<string, unknown>> | null;
  }[];
  readonly conversations?: readonly ToldConversation[];
};

/** What Genesys Cloud was told of a call, and what it answered. */
export type ToldConversation = {
  readonly conversationId: string;
  readonly complete: boolean;
  readonly legs: readonly {
    readonly communicationId: string;
    readonly place: string;
    readonly kind: string | null;
    readonly startedAt: string;
    readonly ended: boolean;
    readonly gap: boolean;
  }[];
  readonly events: readonly {
    readonly index: string;
    readonly leg: number | null;
    readonly kind: string;
    readonly time: string;
    readonly state: string;
    readonly message: string | null;
  }[];
};

export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

export type Proof = {
  readonly from: string;
  readonly to: string;
  readonly collected: number;
  readonly outOfScope: number;
  readonly waiting: number;
  readonly uploaded: number;
  readonly confirmed: number;
  readonly failed: number;
  readonly unexplained: number;
  readonly differences: readonly { readonly kind: string; readonly id: string }[];
};

export type SummaryItem = {
  readonly value: string | null;
  readonly recordings: number;
  readonly states: Readonly<Record<string, number>>;
};
export type Summary = { readonly items: readonly SummaryItem[] };

/** Recordings that stand still for one cause. */
export type Standing = {
  readonly cause: string | null;
  readonly recordings: number;
  readonly oldestAt: string;
};

export type Overview = {
  readonly states: Readonly<Record<string, number>>;
  readonly unexplained: number;
  readonly conversations: Readonly<Record<string, number>>;
  readonly failed: readonly Standing[];
  readonly waiting: readonly Standing[];
  readonly perMinute: Readonly<Record<string, number>>;
  readonly comparison: { readonly finishedAt: string; readonly sentence: string } | null;
};

export type Job = {
  readonly id: string;
  readonly who: string;
  readonly why: string | null;
  readonly state: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly perMinute: number;
  readonly detail: string | null;
  readonly startedAt: string;
};

/** What EXRP says of its keys, OAuth clients and audio files. */
export type ExrpStanding = {
  readonly keys: {
    readonly at: string | null;
    readonly items: readonly {
      readonly keyId: string;
      readonly createdAt: string | null;
      readonly fingerprint: string | null;
      readonly expiresAt: string | null;
      readonly inUse: boolean;
      readonly refused: string | null;
    }[];
  };
  readonly clients: readonly {
    readonly client: string;
    readonly refused: string | null;
    readonly requestsPerMinute: number;
    readonly burst: number;
    readonly left: number;
    readonly pausedForMs: number;
  }[];
  readonly retention: {
    readonly at: string | null;
    readonly lostSoon: number;
    readonly stopped: string | null;
  } | null;
  readonly report: { readonly at: string | null; readonly heldOverAnHour: number } | null;
};

export type Instance = {
  readonly service: string;
  readonly id: string;
  readonly version: string;
  readonly status: string;
  readonly seenAt: string;
  readonly findings: readonly { readonly check: string; readonly reason: string }[];
};

export type AuditItem = {
  readonly at: string;
  readonly who: string;
  readonly role: string;
  readonly what: string;
  readonly subject: string | null;
  readonly why: string | null;
};
