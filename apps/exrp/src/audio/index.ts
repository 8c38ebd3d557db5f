export { audioFailure, type AudioVerdict, type CompleteAudio } from './audio-verdict.js';
export { OggOpusInspector } from './ogg-opus-inspector.js';
