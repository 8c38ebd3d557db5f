export type {
  FileProblem,
  HybridIntegration,
  HybridIntegrationReading,
} from './hybrid-integration.js';
export { readHybridIntegration } from './read.js';
