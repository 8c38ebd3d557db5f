export { numberedRecordings } from './numbered-recordings.js';
export type { RwsBehaviour, RwsFault } from './rws-behaviour.js';
export { rwsTime, type RwsMediaFile, type RwsRecording } from './rws-recording.js';
export { startRwsSimulator, type RwsOptions, type RwsSimulator } from './rws-simulator.js';
