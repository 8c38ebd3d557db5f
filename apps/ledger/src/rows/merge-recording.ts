import { readGcMetadataRequest, type GcMetadataRequest } from '@exrec/gc-metadata';
import { redactText, type InjectionEntry, type SegmentEntry } from '@exrec/service-kit';
import type { RecordingRow } from '../database/tables.js';
import { keptNumber, type NumberRule } from './phone-numbers.js';
import type { Entry } from './entry.js';

type RecordingEntry = Extract<Entry, { readonly kind: 'segment' | 'injection' }>;

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

/**
 * The row with what the entry says; the same row when it says nothing new. EXCP's and EXRP's halves have revisions of
 * their own, so entries may come in any order and as often as they like. Pure.
 */
export function mergeRecording(
  row: RecordingRow | undefined,
  entry: RecordingEntry,
  rule: NumberRule,
): RecordingRow {
  const known = row ?? emptyRow(entry);
  if (entry.kind === 'segment') {
    if (entry.rev <= known.segment_rev) return known;
    return { ...known, ...segmentColumns(known, entry.data, rule), segment_rev: entry.rev };
  }
  const described = describe(known, entry, rule);
  if (entry.rev <= known.injection_rev) return described;
  return { ...described, ...injectionColumns(entry.data), injection_rev: entry.rev };
}

/** A recording of a call whose personal data were erased. */
export function withoutPersonalData(row: RecordingRow, erasedAt: string): RecordingRow {
  return {
    ...row,
    ...noNumbers,
    agent: null,
    dn: null,
    detail: null,
    sta_trail: null,
    dispatch: null,
    history: null,
    requeues: null,
    erased_at: erasedAt,
  };
}

const noNumbers = {
  ani_digest: null,
  ani_last4: null,
  ani: null,
  dnis_digest: null,
  dnis_last4: null,
  dnis: null,
} as const;

function emptyRow({ id, data }: RecordingEntry): RecordingRow {
  const startMs = 'startMs' in data ? data.startMs : data.acceptedAtMs;
  return {
    recording_id: id,
    start_time: new Date(startMs).toISOString(),
    interaction_id: null,
    call_uuid: null,
    media_id: null,
    conversation_id: null,
    communication_id: null,
    agent: null,
    dn: null,
    queue: null,
    party: null,
    direction: null,
    end_time: null,
    duration_ms: null,
    ...noNumbers,
    in_scope: null,
    scope_rule: null,
    sta: null,
    sta_trail: null,
    program_id: null,
    program_name: null,
    language: null,
    state: 'collected',
    cause: null,
    detail: null,
    attempts: 0,
    next_try_at: null,
    dispatch: null,
    history: null,
    requeues: null,
    flags: [],
    audio_flags: [],
    audio_bytes: null,
    audio_sha256: null,
    audio_duration_ms: null,
    zip_bytes: null,
    zip_sha256: null,
    key_id: null,
    key_fingerprint: null,
    upload_key: null,
    report_status: null,
    accepted_at: null,
    uploaded_at: null,
    confirmed_at: null,
    segment_rev: 0,
    injection_rev: 0,
    metadata_rev: 0,
    erased_at: null,
  };
}

function segmentColumns(
  row: RecordingRow,
  segment: SegmentEntry,
  rule: NumberRule,
): Partial<RecordingRow> {
  const { sta, scope, dispatch } = segment;
  const ani = keptNumber(segment.ani, rule);
  const dnis = keptNumber(segment.dnis, rule);
  return {
    start_time: new Date(segment.startMs).toISOString(),
    interaction_id: segment.interactionId,
    call_uuid: segment.callUUID,
    media_id: segment.mediaId,
    // Ids that EXRP was told are those that count (docs/design/CONTRACTS.md#10-conversations (3)).
    ...(row.metadata_rev > 0
      ? {}
      : {
          conversation_id: segment.conversationId ?? null,
          communication_id: segment.communicationId ?? null,
        }),
    agent: segment.agentId ?? null,
    dn: segment.dn ?? null,
    queue: segment.queue ?? null,
    party: segment.recordedParty ?? null,
    direction: segment.direction ?? null,
    end_time: iso(segment.stopMs),
    duration_ms: segment.durationMs === undefined ? null : Math.round(segment.durationMs),
    ...numberColumns(ani, dnis),
    in_scope: scope?.inScope ?? null,
    scope_rule: scope?.rule ?? null,
    sta: sta === undefined ? null : sta.requested ? 'requested' : (sta.reason ?? null),
    sta_trail: sta?.trail ?? null,
    program_id: sta?.programId ?? null,
    program_name: sta?.programName ?? null,
    language: sta?.language ?? null,
    flags: segment.flags ?? [],
    dispatch: dispatch === undefined ? null : { ...dispatch, detail: redacted(dispatch.detail) },
    // What EXRP says of a recording that it has counts.
    ...(row.injection_rev === 0 ? stateFromSegment(segment) : {}),
  };
}

/** The state of a segment that EXRP has not taken (docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (4)). */
export function stateFromSegment({
  scope,
  dispatch,
}: SegmentEntry): Pick<RecordingRow, 'state' | 'cause' | 'detail' | 'attempts' | 'next_try_at'> {
  const nothing = { cause: null, detail: null, attempts: 0, next_try_at: null };
  if (scope?.inScope === false || dispatch?.state === 'out-of-scope')
    return { ...nothing, state: 'out-of-scope' };
  if (dispatch === undefined) return { ...nothing, state: 'collected' };
  const isRefused = dispatch.state === 'refused';
  return {
    state: isRefused ? 'failed' : 'collected',
    cause: dispatch.cause ?? (isRefused ? 'exrp-refused' : null),
    detail: redacted(dispatch.detail),
    attempts: dispatch.attempts ?? 0,
    next_try_at: iso(dispatch.nextTryAtMs),
  };
}

/** What GC-metadata tell: the ids, and all the rest where EXCP itself has told nothing (a site may send by other means). */
function describe(
  row: RecordingRow,
  { rev, data }: Extract<Entry, { readonly kind: 'injection' }>,
  rule: NumberRule,
): RecordingRow {
  const metadata = metadataOf(data);
  if (metadata === undefined) {
    const isUndescribed = row.metadata_rev === 0 && row.segment_rev === 0;
    return isUndescribed && rev > row.injection_rev
      ? { ...row, start_time: new Date(data.acceptedAtMs).toISOString() }
      : row;
  }
  if (rev <= row.metadata_rev) return row;
  const { conversationId, communicationId } = metadata;
  const ids = { conversation_id: conversationId, communication_id: communicationId };
  const described = row.segment_rev > 0 ? {} : metadataColumns(data, metadata, rule);
  return { ...row, ...described, ...ids, metadata_rev: rev };
}

function metadataColumns(
  { audioFile }: InjectionEntry,
  metadata: GcMetadataRequest,
  rule: NumberRule,
): Partial<RecordingRow> {
  const sta = metadata.speechAndTextAnalytics;
  return {
    start_time: metadata.startTime,
    interaction_id: metadata.interactionId,
    call_uuid: metadata.interactionId,
    media_id: audioFile,
    agent: metadata.agent?.id ?? null,
    dn: metadata.agent?.dn ?? null,
    queue: metadata.queue?.name ?? null,
    party: metadata.recordedParty,
    direction: metadata.direction,
    end_time: metadata.endTime,
    duration_ms: metadata.durationMs,
    ...numberColumns(keptNumber(metadata.ani, rule), keptNumber(metadata.dnis, rule)),
    in_scope: true,
    sta: sta.requested ? 'requested' : sta.reason,
    program_id: sta.requested ? sta.programId : null,
    language: sta.requested ? sta.language : null,
    flags: [...(metadata.flags ?? [])],
  };
}

function metadataOf({ metadata }: InjectionEntry): GcMetadataRequest | undefined {
  if (metadata === undefined || metadata === '') return undefined;
  try {
    const reading = readGcMetadataRequest(JSON.parse(metadata));
    return reading.kind === 'ok' ? reading.metadata : undefined;
  } catch {
    return undefined;
  }
}

function injectionColumns(injection: InjectionEntry): Partial<RecordingRow> {
  const { facts, history, requeues } = injection;
  return {
    // A record that EXRP could not read has none.
    ...(injection.audioFile === '' ? {} : { media_id: injection.audioFile }),
    state: injection.state,
    cause: injection.cause ?? null,
    detail: redacted(injection.detail),
    attempts: injection.attempts,
    next_try_at: iso(injection.nextTryAtMs),
    history: history.map(({ startedAtMs, endedAtMs, detail, ...rest }) => ({
      ...rest,
      ...(detail === undefined ? {} : { detail: redacted(detail) }),
      startedAt: iso(startedAtMs),
      endedAt: iso(endedAtMs),
    })),
    requeues: requeues.map(({ atMs, by, why }) => ({ at: iso(atMs), by, why: redacted(why) })),
    audio_flags: facts.flags ?? [],
    audio_bytes: facts.audioSizeBytes ?? null,
    audio_sha256: facts.audioSha256 ?? null,
    audio_duration_ms: facts.audioDurationMs ?? null,
    zip_bytes: facts.zipSizeBytes ?? null,
    zip_sha256: facts.zipSha256 ?? null,
    key_id: facts.keyId ?? null,
    key_fingerprint: facts.keyFingerprint ?? null,
    upload_key: facts.uploadKey ?? null,
    report_status: facts.reportStatus ?? null,
    accepted_at: iso(injection.acceptedAtMs),
    uploaded_at: iso(injection.uploadedAtMs),
    confirmed_at: iso(injection.confirmedAtMs),
  };
}

function numberColumns(
  ani: ReturnType<typeof keptNumber>,
  dnis: ReturnType<typeof keptNumber>,
): Pick<RecordingRow, keyof typeof noNumbers> {
  return {
    ani_digest: ani.digest,
    ani_last4: ani.last4,
    ani: ani.whole,
    dnis_digest: dnis.digest,
    dnis_last4: dnis.last4,
    dnis: dnis.whole,
  };
}

/** Details quote what others said. */
function redacted(text: string | undefined): string | null {
  return text === undefined ? null : redactText(text).slice(0, 1_000);
}
