export {
  verdictOf,
  type FollowedRecording,
  type Organization,
  type SeenRecording,
} from './verdicts.js';
export { interactionSchema, segmentSeen } from './observe.js';
