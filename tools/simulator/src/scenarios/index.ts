export { compileScenario, type CompiledScenario, type PlannedSegment } from './compile-scenario.js';
export { agentDns, defaultProgram, gcQueues, sampleHybridIntegration } from './contact-centre.js';
export {
  playScenario,
  type ExcpTarget,
  type PlayedScenario,
  type PlayOptions,
  type ScenarioTargets,
} from './play-scenario.js';
export { rwsRecordingsOf } from './rws-recordings-of.js';
export { sampleCalls } from './sample-calls.js';
export { sampleMetadata } from './sample-metadata.js';
export type { ExpectedDecision, ExpectedOutcome, Scenario, Step } from './scenario.js';
