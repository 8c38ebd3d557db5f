import type { Entry } from './entry.js';
import { timeOfRevision } from './entry.js';
import { stateFromSegment } from './merge-recording.js';

/** What the proof keeps of a change of a recording (docs/design/CONTRACTS.md#11-ledger (5)). */
export type ProofChange = {
  readonly day: string;
  readonly recording_id: string;
  readonly audio_sha256: string | null;
  readonly zip_sha256: string | null;
  readonly key_fingerprint: string | null;
  readonly upload_key: string | null;
  readonly state: string;
  readonly confirmed_at: string | null;
  readonly rev: number;
};

/** The UTC day of a moment. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Of EXCP's entries only those count after which EXRP has nothing to say: out of scope, or refused. */
export function proofChange(entry: Entry): ProofChange | undefined {
  const base = { day: dayOf(timeOfRevision(entry.rev)), recording_id: entry.id, rev: entry.rev };
  if (entry.kind === 'segment') {
    const { state } = stateFromSegment(entry.data);
    if (state === 'collected') return undefined;
    return {
      ...base,
      audio_sha256: null,
      zip_sha256: null,
      key_fingerprint: null,
      upload_key: null,
      state,
      confirmed_at: null,
    };
  }
  if (entry.kind !== 'injection') return undefined;
  const { facts, state, confirmedAtMs } = entry.data;
  return {
    ...base,
    audio_sha256: facts.audioSha256 ?? null,
    zip_sha256: facts.zipSha256 ?? null,
    key_fingerprint: facts.keyFingerprint ?? null,
    upload_key: facts.uploadKey ?? null,
    state,
    confirmed_at: confirmedAtMs === undefined ? null : new Date(confirmedAtMs).toISOString(),
  };
}

/** The last change of each recording on each day, in the order of the table. */
export function latestProofChanges(changes: readonly ProofChange[]): ProofChange[] {
  const latest = new Map<string, ProofChange>();
  for (const change of changes) {
    const key = `${change.day}/${change.recording_id}`;
    if ((latest.get(key)?.rev ?? -1) < change.rev) latest.set(key, change);
  }
  return [...latest].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, change]) => change);
}
