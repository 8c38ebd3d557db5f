import { causeWords, isRecordingState, shapeOf, stateWords, toneOf } from '@exrec/words';
import { usePreferences } from '../texts/preferences.js';
import { amountWords } from './times.js';

type StateProps = {
  readonly state: string;
  readonly cause?: string | null;
  readonly nextTryAt?: string | null;
};

/** A state in the words of people, with its shape; the technical words beside it can be copied. */
export function State({ state, cause, nextTryAt }: StateProps) {
  const { language, t } = usePreferences();
  if (!isRecordingState(state)) return <span>{state}</span>;
  const tone = toneOf(state);
  const why = cause ? `: ${causeWords(cause, language).title}` : '';
  const nextMs = nextTryAt ? new Date(nextTryAt).getTime() - Date.now() : undefined;
  const next =
    state === 'waiting' && nextMs !== undefined && nextMs > 0
      ? ` (${t('in', { time: amountWords(nextMs) })})`
      : '';
  return (
    <span className={`state ${tone}`}>
      <span aria-hidden="true">{shapeOf[tone]}</span> {stateWords(state, language)}
      {why}
      {next} <span className="technical">{cause ?? state}</span>
    </span>
  );
}
