export { startCalls, type Calls } from './load/calls.js';
export { startSystem, type System } from './system/system.js';
export { slopeOf } from './soak/growth.js';
