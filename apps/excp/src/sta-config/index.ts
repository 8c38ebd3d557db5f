export { configurationSchema, type ConfigurationView } from './configuration-view.js';
export { previewSta, programNameIn, staQuestionSchema, type StaFacts } from './preview.js';
export { queueOutlooks, type QueueOutlook } from './queue-outlook.js';
export { StaConfigurationSource } from './sta-configuration-source.js';
export type { AgentMap } from './user-ids.js';
