export { buildSnapshot, type GcStaParts } from './build-snapshot.js';
export { analyticsOf, decideSta } from './decide-sta.js';
export type { StaDecision, StaInput } from './decision.js';
export { findQueue, type QueueMap } from './find-queue.js';
export { comparableCode, DOCUMENTED_DIALECTS } from './language-code.js';
export { nameKey } from './name-key.js';
export type { DialectSource, GcQueue, Program, StaSnapshot } from './snapshot.js';
export { parseSnapshot, serializeSnapshot, storedSnapshotSchema } from './stored-snapshot.js';
export type { TrailRule, TrailStep } from './trail.js';
