export { assertWhole, type AudioFlag, type AudioVerdict, type OpusAudio } from './audio-verdict.js';
export { OggOpusInspector } from './ogg-opus-inspector.js';
