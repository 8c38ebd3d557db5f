import { causeWords, isRecordingState, shapeOf, stateWords, toneOf, type Tone } from '@exrec/words';
import type { Recording } from '../connection/recording.js';
import type { Style, Terminal } from './terminal.js';
import { fromNow } from './times.js';

const styles: Readonly<Record<Tone, Style>> = {
  fine: 'green',
  'under-way': 'blue',
  waits: 'yellow',
  'needs-a-person': 'red',
};

/** `● in Genesys Cloud`, `▲ waiting: Genesys Cloud not reachable, next try in 40 s`. */
export function standing(recording: Recording, terminal: Terminal, nowMs: number): string {
  const { state, cause, nextTryAt } = recording;
  if (!isRecordingState(state)) return state;
  const tone = toneOf(state);
  const why = cause ? `: ${causeWords(cause).title}` : '';
  const next = state === 'waiting' && nextTryAt ? `, next try ${fromNow(nextTryAt, nowMs)}` : '';
  return `${terminal.paint(styles[tone], shapeOf[tone])} ${stateWords(state)}${why}${next}`;
}
