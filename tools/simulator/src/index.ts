export * from './gc/index.js';
