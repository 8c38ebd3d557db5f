export { configurationSchema, type ConfigurationView } from './configuration-view.js';
export {
  previewSta,
  programNameIn,
  staQuestionSchema,
  type StaFacts,
  type StaPreview,
  type StaQuestion,
  type StaSettings,
} from './preview.js';
export { queueOutlooks, type QueueOutlook } from './queue-outlook.js';
export {
  StaConfigurationSource,
  type StaConfigurationOptions,
} from './sta-configuration-source.js';
export type { AgentMap } from './user-ids.js';
