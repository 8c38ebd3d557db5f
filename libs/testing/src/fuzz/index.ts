export { fuzzBriefly } from './fuzz-briefly.js';
export { fuzzFor, type FuzzRun } from './fuzz-for.js';
export type { FuzzTarget } from './fuzz-target.js';
