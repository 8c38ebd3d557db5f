import {
  notTranscribed,
  toBeTranscribed,
  transcribed,
  transcriptionReasons,
  type TranscriptionReason,
} from '@exrec/words';
import type { Recording } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';

/** Program and language, or the reason why not, in a few words; the whole sentence is its title. */
export function TranscriptionWord({ recording }: { readonly recording: Recording }) {
  const { language } = usePreferences();
  const { sta, program, language: spoken } = recording;
  if (sta === null) return <span>–</span>;
  const short =
    sta === 'requested' ? `${program?.name ?? program?.id ?? '?'}, ${spoken ?? '?'}` : sta;
  return <span title={transcriptionSentence(recording, language)}>{short}</span>;
}

export function transcriptionSentence(
  { sta, state, queue, program, language: spoken }: Recording,
  language: 'en' | 'de',
): string | undefined {
  const names = { queue, program: program?.name ?? program?.id ?? null, language: spoken };
  const isThere = state === 'uploaded' || state === 'confirmed';
  if (sta === 'requested') return (isThere ? transcribed : toBeTranscribed)(names, language);
  return isReason(sta) ? notTranscribed(sta, names, language) : undefined;
}

function isReason(sta: string | null): sta is TranscriptionReason {
  return (transcriptionReasons as readonly (string | null)[]).includes(sta);
}
