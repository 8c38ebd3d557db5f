export { causes, isCause, type Cause, type CauseWords } from './cause.js';
export { causeWords } from './cause-words.js';
export { languageFor, languages, type Language } from './language.js';
export {
  isRecordingState,
  recordingStates,
  shapeOf,
  stateWords,
  toneOf,
  type RecordingState,
  type Tone,
} from './states.js';
export {
  notTranscribed,
  toBeTranscribed,
  transcribed,
  transcriptionReasons,
  type TranscriptionNames,
  type TranscriptionReason,
} from './transcription.js';
export {
  scopeWords,
  trailRules,
  trailWords,
  type TrailNames,
  type TrailRuleName,
} from './trail.js';
