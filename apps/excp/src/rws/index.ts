export { createRws, type Rws, type RwsOptions } from './create-rws.js';
export { rwsRule, rwsSettingNames, usesRws, type RwsSettings } from './rws-settings.js';
