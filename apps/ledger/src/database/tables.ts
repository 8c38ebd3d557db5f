import type { Generated } from 'kysely';

/** Of a number: its keyed digest, its last digits, and itself only with LEDGER_KEEP_NUMBERS. */
type Numbers = {
  ani_digest: string | null;
  ani_last4: string | null;
  ani: string | null;
  dnis_digest: string | null;
  dnis_last4: string | null;
  dnis: string | null;
};

/** A row as `to_jsonb` gives it and `jsonb_populate_recordset` takes it: times are ISO texts. */
export type RecordingRow = Numbers & {
  recording_id: string;
  /** Of the recording; that of its acceptance as long as nothing better is known. */
  start_time: string;
  interaction_id: string | null;
  call_uuid: string | null;
  media_id: string | null;
  conversation_id: string | null;
  communication_id: string | null;
  agent: string | null;
  dn: string | null;
  queue: string | null;
  party: string | null;
  direction: string | null;
  end_time: string | null;
  duration_ms: number | null;
  /** null: not decided yet */
  in_scope: boolean | null;
  scope_rule: string | null;
  /** `requested` or the reason why not; null: not decided yet */
  sta: string | null;
  sta_trail: unknown;
  program_id: string | null;
  program_name: string | null;
  language: string | null;
  state: string;
  cause: string | null;
  detail: string | null;
  attempts: number;
  next_try_at: string | null;
  dispatch: unknown;
  history: unknown;
  requeues: unknown;
  /** What was unusual about the call, and about the audio. */
  flags: string[];
  audio_flags: string[];
  audio_bytes: number | null;
  audio_sha256: string | null;
  audio_duration_ms: number | null;
  zip_bytes: number | null;
  zip_sha256: string | null;
  key_id: string | null;
  key_fingerprint: string | null;
  upload_key: string | null;
  report_status: string | null;
  accepted_at: string | null;
  uploaded_at: string | null;
  confirmed_at: string | null;
  /** Revisions of the newest entries that are in this row, 0: none yet. */
  segment_rev: number;
  injection_rev: number;
  /** Revision of the entry that brought EXRP's metadata. */
  metadata_rev: number;
  erased_at: string | null;
};

export type InteractionRow = Numbers & {
  /** The root call's callUUID. */
  interaction_id: string;
  start_time: string;
  conversation_id: string;
  call_uuids: string[];
  state: string;
  direction: string | null;
  end_time: string | null;
  ended_by: string | null;
  flags: string[];
  agents: string[];
  dns: string[];
  queues: string[];
  segments: number;
  conversation_state: string | null;
  conversation_detail: string | null;
  rev: number;
  erased_at: string | null;
  /** What it is found by: `foundBy` of it and of its recordings. */
  found_by: string[];
};

/** How many recordings begin in an hour, by one dimension. `''` stands for none. */
export type TallyRow = {
  dimension: string;
  hour: Date;
  value: string;
  state: string;
  cause: string;
  recordings: number;
  duration_ms: number;
};

export type ProofEntryRow = {
  day: string;
  recording_id: string;
  audio_sha256: string | null;
  zip_sha256: string | null;
  key_fingerprint: string | null;
  upload_key: string | null;
  state: string;
  confirmed_at: Date | null;
  rev: number;
  /** The chain up to this row; set when the day is sealed. */
  chain: string | null;
};

export type Database = {
  recordings: { [K in keyof RecordingRow]: Column<RecordingRow, K> };
  interactions: { [K in keyof InteractionRow]: Column<InteractionRow, K> };
  tallies: TallyRow;
  proof_entries: ProofEntryRow;
  proof_days: {
    day: string;
    previous_head: string;
    head: string;
    rows: number;
    sealed_at: Date;
  };
  reconciliations: { rev: number; started_at: Date; finished_at: Date; sentence: string };
  differences: {
    kind: string;
    id: string;
    recording_id: string | null;
    media_id: string | null;
    call_uuid: string | null;
    cause: string | null;
    since: Date | null;
  };
  set_aside: { rev: number; kind: string; id: string; reason: string; at: Date };
  erasures: { interaction_id: string; at: Date };
  audit: {
    id: Generated<number>;
    at: Generated<Date>;
    who: string;
    role: string;
    what: string;
    subject: string | null;
    why: string | null;
  };
  jobs: {
    id: string;
    kind: string;
    who: string;
    state: string;
    total: number;
    done: number;
    failed: number;
    per_minute: number;
    detail: string | null;
    why: string | null;
    started_at: Generated<Date>;
    /** A job whose process is gone stops to be touched. */
    touched_at: Generated<Date>;
  };
};

/** Times are written and compared as texts or Dates and read as Dates. */
type Column<Row, K extends keyof Row> = K extends `${string}_time` | `${string}_at`
  ? Date | Extract<Row[K], null>
  : Row[K];
