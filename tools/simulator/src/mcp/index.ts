export { callIds, type CallIds } from './call-ids.js';
export {
  basicAuthHeader,
  sendRequest,
  type HttpAnswer,
  type HttpMessage,
  type Send,
} from './http-request.js';
export { usualForm, type AudioUpload, type McpBehaviour, type McpForm } from './mcp-behaviour.js';
export {
  playSegment,
  postMetadata,
  type McpPace,
  type McpRecording,
  type McpTargets,
  type PlayedSegment,
} from './mcp-player.js';
export { mediaIdOf, metadataBody, type RecordedSegment } from './media-file.js';
