import type { Language } from './language.js';

/** Reasons of docs/design/CONTRACTS.md#4-gc-metadata. `{queue}`, `{program}`, `{language}` stand for names. */
const english = {
  'org-transcription-disabled':
    'Not transcribed: voice transcription is switched off for the whole organization in Genesys Cloud.',
  'queue-transcription-disabled':
    'Not transcribed: the queue {queue} has voice transcription switched off in Genesys Cloud.',
  'queue-unknown': 'Not transcribed: the queue {queue} does not exist in Genesys Cloud.',
  'no-program':
    'Not transcribed: neither the queue {queue} nor the organization has a published program.',
  'language-unsupported':
    'Not transcribed: neither the language of the call nor the default language is supported.',
  'configuration-unavailable':
    'Not transcribed: the configuration of Genesys Cloud was not known yet.',
} as const;

export type TranscriptionReason = keyof typeof english;

const german: Readonly<Record<TranscriptionReason, string>> = {
  'org-transcription-disabled':
    'Nicht transkribiert: Die Transkription ist in Genesys Cloud für die ganze Organisation abgeschaltet.',
  'queue-transcription-disabled':
    'Nicht transkribiert: Die Queue {queue} hat die Transkription in Genesys Cloud abgeschaltet.',
  'queue-unknown': 'Nicht transkribiert: Die Queue {queue} gibt es in Genesys Cloud nicht.',
  'no-program':
    'Nicht transkribiert: Weder die Queue {queue} noch die Organisation hat ein veröffentlichtes Programm.',
  'language-unsupported':
    'Nicht transkribiert: Weder die Sprache des Anrufs noch die Standardsprache wird unterstützt.',
  'configuration-unavailable':
    'Nicht transkribiert: Die Konfiguration von Genesys Cloud war noch nicht bekannt.',
};

export type TranscriptionNames = {
  readonly queue?: string | null;
  readonly program?: string | null;
  readonly language?: string | null;
};

export const transcriptionReasons = Object.keys(english) as readonly TranscriptionReason[];

/** Why a recording was not transcribed, as a sentence with its subject. */
export function notTranscribed(
  reason: TranscriptionReason,
  names: TranscriptionNames,
  language: Language = 'en',
): string {
  const missing = language === 'de' ? '(keine)' : '(none)';
  return (language === 'de' ? german : english)[reason].replace('{queue}', names.queue ?? missing);
}

/** With which program and language it will be transcribed, once it has arrived. */
export function toBeTranscribed(
  { program, language: spoken }: TranscriptionNames,
  language: Language = 'en',
): string {
  return language === 'de'
    ? `Zu transkribieren mit dem Programm ${program ?? '?'}, Sprache ${spoken ?? '?'}.`
    : `To be transcribed with the program ${program ?? '?'}, language ${spoken ?? '?'}.`;
}

/** With which program and language it is transcribed. */
export function transcribed(
  { program, language: spoken }: TranscriptionNames,
  language: Language = 'en',
): string {
  return language === 'de'
    ? `Transkribiert mit dem Programm ${program ?? '?'}, Sprache ${spoken ?? '?'}.`
    : `Transcribed with the program ${program ?? '?'}, language ${spoken ?? '?'}.`;
}
