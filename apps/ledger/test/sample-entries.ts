import { recordingIdOf } from '@exrec/gc-metadata';
import type { InjectionEntry, InteractionEntry, SegmentEntry } from '@exrec/service-kit';
import type { Entry, RawEntry } from '../src/rows/entry.js';

/** Planted: none of these digits may be found where whole numbers are not kept. */
export const plantedAni = '+49 171 5550110';
export const plantedDnis = '8005550199';
export const startMs = Date.parse('2026-03-03T10:15:04.000Z');

export const numbers = { key: 'a key of sixteen letters or more', keepWhole: false };

export function callOf(index: number): string {
  return `02AB7QK3${String(index).padStart(24, '0')}`;
}

export function mediaOf(index: number): string {
  return `${callOf(index)}_2026-03-03_10-15-04-00A1B2C3-1000F00D-00000001.opus`;
}

export function segment(index: number, more: Partial<SegmentEntry> = {}): SegmentEntry {
  return {
    mediaId: mediaOf(index),
    interactionId: callOf(index),
    callUUID: callOf(index),
    conversationId: `conversation-${index}`,
    communicationId: `communication-${index}`,
    recordedParty: 'agent',
    agentId: `agent71${String(index % 90).padStart(2, '0')}`,
    dn: `71${String(index % 90).padStart(2, '0')}`,
    queue: index % 2 === 0 ? 'VQ_TechSupport' : 'VQ_Sales',
    direction: 'inbound',
    startMs: startMs + index * 60_000,
    stopMs: startMs + index * 60_000 + 207_000,
    durationMs: 207_000,
    ani: plantedAni,
    dnis: plantedDnis,
    scope: { inScope: true, rule: 'agents: agent71*' },
    sta: {
      requested: true,
      programId: 'fedcba98-0000-4000-8000-000000000001',
      programName: 'Tech quality',
      language: 'de-DE',
      trail: [{ rule: 1, outcome: 'org-transcription-enabled' }],
    },
    dispatch: { state: 'dispatched', atMs: startMs + index * 60_000 + 300_000, attempts: 1 },
    ...more,
  };
}

export function injection(index: number, more: Partial<InjectionEntry> = {}): InjectionEntry {
  const acceptedAtMs = startMs + index * 60_000 + 300_000;
  return {
    state: 'confirmed',
    audioFile: mediaOf(index),
    attempts: 1,
    acceptedAtMs,
    updatedAtMs: acceptedAtMs + 5_000,
    uploadedAtMs: acceptedAtMs + 5_000,
    confirmedAtMs: acceptedAtMs + 60_000,
    facts: {
      audioSizeBytes: 828_480,
      audioSha256: 'a'.repeat(60) + String(index).padStart(4, '0'),
      zipSizeBytes: 830_000,
      zipSha256: 'b'.repeat(60) + String(index).padStart(4, '0'),
      keyId: 'key-1',
      keyFingerprint: 'F'.repeat(40),
      uploadKey: `upload-${index}`,
      reportStatus: 'Success',
    },
    history: [
      {
        attempt: 1,
        startedAtMs: acceptedAtMs,
        endedAtMs: acceptedAtMs + 5_000,
        outcome: 'uploaded',
      },
    ],
    requeues: [],
    ...more,
  };
}

export function interaction(index: number, more: Partial<InteractionEntry> = {}): InteractionEntry {
  const { startMs: from, ani, dnis, agentId = '', dn = '', queue = '' } = segment(index);
  return {
    callUUIDs: [callOf(index), `consult-of-${index}`],
    state: 'finished',
    direction: 'inbound',
    startMs: from - 2_000,
    endMs: from + 210_000,
    endedBy: 'calls-deleted',
    flags: [],
    agents: [agentId],
    dns: [dn],
    queues: [queue],
    segments: 1,
    conversationState: 'complete',
    ...(ani === undefined ? {} : { ani }),
    ...(dnis === undefined ? {} : { dnis }),
    ...more,
  };
}

/** Entries in the order of their revisions, which are times in milliseconds. */
export function segmentEntry(index: number, atMs: number, more: Partial<SegmentEntry> = {}): Entry {
  return {
    kind: 'segment',
    id: recordingIdOf(mediaOf(index)),
    rev: atMs * 4_096,
    data: segment(index, more),
  };
}

export function injectionEntry(
  index: number,
  atMs: number,
  more: Partial<InjectionEntry> = {},
): Entry {
  return {
    kind: 'injection',
    id: recordingIdOf(mediaOf(index)),
    rev: atMs * 4_096,
    data: injection(index, more),
  };
}

export function interactionEntry(
  index: number,
  atMs: number,
  more: Partial<InteractionEntry> = {},
): Entry {
  return {
    kind: 'interaction',
    id: callOf(index),
    rev: atMs * 4_096,
    data: interaction(index, more),
  };
}

/** The entry as a script of EXCP or EXRP writes it to the stream; EXRP's values are texts of a hash. */
export function rawFields({ kind, id, data }: Entry): RawEntry['fields'] {
  const text =
    kind === 'injection'
      ? Object.fromEntries(
          Object.entries(data)
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => [
              name,
              typeof value === 'string' ? value : JSON.stringify(value),
            ]),
        )
      : data;
  return { v: '1', k: kind, id, d: JSON.stringify(text) };
}
