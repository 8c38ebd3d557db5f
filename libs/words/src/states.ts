import type { Language } from './language.js';

/** States of a recording (docs/design/CONTRACTS.md#32-states, docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (4)): those of EXRP and the two that it has before. */
export const recordingStates = [
  'collected',
  'out-of-scope',
  'queued',
  'fetching',
  'sealing',
  'uploading',
  'waiting',
  'uploaded',
  'confirmed',
  'failed',
] as const;
export type RecordingState = (typeof recordingStates)[number];

/** What a state means for the person who looks: fine, under way, waits, needs a person (docs/design/CONSOLE.md "Colour and form"). */
export type Tone = 'fine' | 'under-way' | 'waits' | 'needs-a-person';

/** A state is never told by its colour alone. */
export const shapeOf: Readonly<Record<Tone, string>> = {
  fine: '●',
  'under-way': '◐',
  waits: '▲',
  'needs-a-person': '◼',
};

export function toneOf(state: RecordingState): Tone {
  switch (state) {
    case 'confirmed':
    case 'out-of-scope':
      return 'fine';
    case 'waiting':
      return 'waits';
    case 'failed':
      return 'needs-a-person';
    default:
      return 'under-way';
  }
}

const english: Readonly<Record<RecordingState, string>> = {
  collected: 'collected, call not over yet',
  'out-of-scope': 'not sent: outside the sync scope',
  queued: 'in the queue',
  fetching: 'fetching the audio',
  sealing: 'being sealed',
  uploading: 'being uploaded',
  waiting: 'waiting',
  uploaded: 'uploaded, not yet confirmed',
  confirmed: 'in Genesys Cloud',
  failed: 'failed',
};

const german: Readonly<Record<RecordingState, string>> = {
  collected: 'erfasst, Anruf läuft noch',
  'out-of-scope': 'nicht gesendet: außerhalb des Sync-Bereichs',
  queued: 'in der Warteschlange',
  fetching: 'Audio wird geholt',
  sealing: 'wird versiegelt',
  uploading: 'wird hochgeladen',
  waiting: 'wartet',
  uploaded: 'hochgeladen, noch nicht bestätigt',
  confirmed: 'in Genesys Cloud',
  failed: 'fehlgeschlagen',
};

/** A state in the words of people; the technical word stands beside it. */
export function stateWords(state: RecordingState, language: Language = 'en'): string {
  return (language === 'de' ? german : english)[state];
}

export function isRecordingState(text: string): text is RecordingState {
  return (recordingStates as readonly string[]).includes(text);
}
