export type { ConfigurationView } from './configuration-view.js';
export { LanguageSettingsOverTime, type LanguageSettingsOptions } from './language-settings.js';
export { staPreviewRoute, type StaPreviewOptions } from './preview-route.js';
export { previewSta, staQuestionSchema, type StaQuestion, type StaSettings } from './preview.js';
export { settingsAt, type LanguageSettings, type SettingsHistory } from './settings-history.js';
export {
  StaConfigurationSource,
  type StaConfigurationOptions,
} from './sta-configuration-source.js';
export type { AgentMap } from './user-ids.js';
