import type { InteractionRow, RecordingRow } from '../database/tables.js';

const iso = (time: string | null) => (time === null ? null : new Date(time).toISOString());

/** A phone number as it is shown: its last digits, and all of it to those who may see it. */
function numberView(last4: string | null, whole: string | null, showsWhole: boolean) {
  if (last4 === null) return null;
  return { lastFour: last4, ...(showsWhole && whole !== null ? { number: whole } : {}) };
}

export type ViewOptions = {
  /** Whole numbers are shown; whoever does that notes it first. */
  readonly showsWhole?: boolean;
};

/** A recording in a list. */
export function recordingView(row: RecordingRow, { showsWhole = false }: ViewOptions = {}) {
  return {
    recordingId: row.recording_id,
    interactionId: row.interaction_id,
    callUUID: row.call_uuid,
    mediaId: row.media_id,
    conversationId: row.conversation_id,
    communicationId: row.communication_id,
    agent: row.agent,
    dn: row.dn,
    queue: row.queue,
    recordedParty: row.party,
    direction: row.direction,
    ani: numberView(row.ani_last4, row.ani, showsWhole),
    dnis: numberView(row.dnis_last4, row.dnis, showsWhole),
    startTime: iso(row.start_time),
    endTime: iso(row.end_time),
    durationMs: row.duration_ms,
    scope: row.in_scope === null ? null : { inScope: row.in_scope, rule: row.scope_rule },
    sta: row.sta,
    program: row.program_id === null ? null : { id: row.program_id, name: row.program_name },
    language: row.language,
    state: row.state,
    cause: row.cause,
    detail: row.detail,
    attempts: row.attempts,
    nextTryAt: iso(row.next_try_at),
    acceptedAt: iso(row.accepted_at),
    uploadedAt: iso(row.uploaded_at),
    confirmedAt: iso(row.confirmed_at),
    flags: [...row.flags, ...row.audio_flags],
    erasedAt: iso(row.erased_at),
  };
}

/** All that is known of one recording. */
export function wholeRecordingView(row: RecordingRow, options: ViewOptions = {}) {
  return {
    ...recordingView(row, options),
    staTrail: row.sta_trail,
    dispatch: row.dispatch,
    history: row.history ?? [],
    requeues: row.requeues ?? [],
    audio: {
      sizeBytes: row.audio_bytes,
      sha256: row.audio_sha256,
      durationMs: row.audio_duration_ms,
    },
    zip: { sizeBytes: row.zip_bytes, sha256: row.zip_sha256 },
    keyId: row.key_id,
    keyFingerprint: row.key_fingerprint,
    uploadKey: row.upload_key,
    reportStatus: row.report_status,
  };
}

/** An interaction in a list. */
export function interactionView(row: InteractionRow, { showsWhole = false }: ViewOptions = {}) {
  return {
    interactionId: row.interaction_id,
    conversationId: row.conversation_id,
    callUUIDs: row.call_uuids,
    state: row.state,
    direction: row.direction,
    ani: numberView(row.ani_last4, row.ani, showsWhole),
    dnis: numberView(row.dnis_last4, row.dnis, showsWhole),
    startTime: iso(row.start_time),
    endTime: iso(row.end_time),
    endedBy: row.ended_by,
    flags: row.flags,
    agents: row.agents,
    dns: row.dns,
    queues: row.queues,
    segments: row.segments,
    conversation:
      row.conversation_state === null
        ? null
        : { state: row.conversation_state, detail: row.conversation_detail },
    erasedAt: iso(row.erased_at),
  };
}
