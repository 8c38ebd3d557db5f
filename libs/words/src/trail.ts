import type { Language } from './language.js';

/** The rules of a decision (docs/design/CONTRACTS.md#5-sta-rules). `{value}` stands for what was found, `{queue}` for the queue's Engage name. */
const english = {
  'configuration-unavailable': 'The configuration of Genesys Cloud was not known yet.',
  'org-transcription-disabled': 'Voice transcription is switched off for the whole organization.',
  'org-transcription-enabled': 'Voice transcription is possible in the organization ({value}).',
  'queue-found-by-map': 'The queue {queue} is one of Genesys Cloud, by the queue map.',
  'queue-found-by-name': 'The queue {queue} is one of Genesys Cloud, by its name.',
  'queue-name-ambiguous': '{value} queues of Genesys Cloud have this name; the first is taken.',
  'queue-map-target-unknown': 'The queue map names {value}, which does not exist in Genesys Cloud.',
  'queue-unknown': 'Genesys Cloud has no such queue: {queue}.',
  'queue-transcription-disabled': 'The queue has voice transcription switched off.',
  'queue-transcription-enabled': 'The queue has voice transcription switched on.',
  'no-queue': 'The agent was reached without a queue: the default program counts.',
  'queue-ignored-for-trunk': 'It was recorded at a trunk: no queue counts.',
  'mapped-program': 'The queue has a program of its own: {value}.',
  'mapped-program-unpublished': 'The program of the queue is not published: {value}.',
  'no-mapped-program': 'The queue has no program of its own.',
  'default-program': 'The default program of the organization is taken: {value}.',
  'default-program-unpublished':
    'The default program of the organization is not published: {value}.',
  'no-default-program': 'The organization has no default program.',
  'user-data-language': 'The call data said {value} when the agent answered.',
  'user-data-language-unsupported':
    'The call data named a language that Genesys Cloud does not transcribe: {value}.',
  'user-data-language-absent': 'The call data named no language when the agent answered.',
  'user-data-ignored-for-trunk': 'It was recorded at a trunk: the call data do not count.',
  'default-language': 'The default language is taken: {value}.',
  'default-language-unsupported':
    'The default language is one that Genesys Cloud does not transcribe: {value}.',
  'default-language-absent': 'No default language is set.',
} as const;

export type TrailRuleName = keyof typeof english;

const german: Readonly<Record<TrailRuleName, string>> = {
  'configuration-unavailable': 'Die Konfiguration von Genesys Cloud war noch nicht bekannt.',
  'org-transcription-disabled': 'Die Transkription ist für die ganze Organisation abgeschaltet.',
  'org-transcription-enabled': 'Die Organisation kann transkribieren ({value}).',
  'queue-found-by-map': 'Die Queue {queue} gibt es in Genesys Cloud, nach der Queue-Zuordnung.',
  'queue-found-by-name': 'Die Queue {queue} gibt es in Genesys Cloud, nach ihrem Namen.',
  'queue-name-ambiguous':
    '{value} Queues von Genesys Cloud haben diesen Namen; die erste wird genommen.',
  'queue-map-target-unknown':
    'Die Queue-Zuordnung nennt {value}; das gibt es in Genesys Cloud nicht.',
  'queue-unknown': 'Genesys Cloud hat keine solche Queue: {queue}.',
  'queue-transcription-disabled': 'Die Queue hat die Transkription abgeschaltet.',
  'queue-transcription-enabled': 'Die Queue hat die Transkription eingeschaltet.',
  'no-queue': 'Der Agent wurde ohne Queue erreicht: Es gilt das Standardprogramm.',
  'queue-ignored-for-trunk': 'Am Trunk aufgenommen: Keine Queue zählt.',
  'mapped-program': 'Die Queue hat ein eigenes Programm: {value}.',
  'mapped-program-unpublished': 'Das Programm der Queue ist nicht veröffentlicht: {value}.',
  'no-mapped-program': 'Die Queue hat kein eigenes Programm.',
  'default-program': 'Genommen wird das Standardprogramm der Organisation: {value}.',
  'default-program-unpublished':
    'Das Standardprogramm der Organisation ist nicht veröffentlicht: {value}.',
  'no-default-program': 'Die Organisation hat kein Standardprogramm.',
  'user-data-language': 'Die Anrufdaten sagten {value}, als der Agent antwortete.',
  'user-data-language-unsupported':
    'Die Anrufdaten nannten eine Sprache, die Genesys Cloud nicht transkribiert: {value}.',
  'user-data-language-absent': 'Die Anrufdaten nannten keine Sprache, als der Agent antwortete.',
  'user-data-ignored-for-trunk': 'Am Trunk aufgenommen: Die Anrufdaten zählen nicht.',
  'default-language': 'Genommen wird die Standardsprache: {value}.',
  'default-language-unsupported':
    'Die Standardsprache ist eine, die Genesys Cloud nicht transkribiert: {value}.',
  'default-language-absent': 'Es ist keine Standardsprache gesetzt.',
};

export const trailRules = Object.keys(english) as readonly TrailRuleName[];

export type TrailNames = {
  readonly value?: string | null | undefined;
  readonly queue?: string | null | undefined;
};

/** One step of a decision as a sentence; a rule that is not known, by its name. */
export function trailWords(rule: string, names: TrailNames, language: Language = 'en'): string {
  if (!isRule(rule)) return [rule, names.value ?? ''].join(' ').trim();
  return (language === 'de' ? german : english)[rule]
    .replace('{value}', names.value ?? '?')
    .replace('{queue}', names.queue ?? '?');
}

/** Why a recording is in the sync scope or not, by the rule that said so. */
export function scopeWords(
  { inScope, rule }: { readonly inScope: boolean; readonly rule: string | null },
  language: Language = 'en',
): string {
  const isGerman = language === 'de';
  if (!inScope)
    return isGerman
      ? 'Nicht im Sync-Bereich: Keine seiner Regeln passt.'
      : 'Not in the sync scope: none of its rules matches.';
  if (rule === null || rule === 'no-sync-scope')
    return isGerman
      ? 'Im Sync-Bereich: Alles ist darin.'
      : 'In the sync scope: everything is in it.';
  return isGerman
    ? `Im Sync-Bereich nach der Regel ${rule}.`
    : `In the sync scope by the rule ${rule}.`;
}

function isRule(rule: string): rule is TrailRuleName {
  return Object.hasOwn(english, rule);
}
