export * from './call-events/index.js';
export * from './gc/index.js';
export * from './mcp/index.js';
export * from './rws/index.js';
export * from './scenarios/index.js';
