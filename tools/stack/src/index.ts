export {
  verdictOf,
  type FollowedRecording,
  type Organization,
  type SeenRecording,
} from './samples/verdicts.js';
export { interactionSchema, segmentSeen } from './samples/observe.js';
