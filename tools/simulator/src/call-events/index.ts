export type { CallEvent } from './call-event.js';
export { callEventsOf } from './call-events-of.js';
export { postCallEvents, type CallEventForm, type CallEventTarget } from './post-call-events.js';
export type { Happening, ScriptedCall } from './scripted-call.js';
export { shuffled } from './shuffled.js';
