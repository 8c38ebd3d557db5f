import type { SettingFault, Settings } from '@exrec/service-kit';
import { audioNameFault } from './audio-name.js';

export const rwsSettingNames = [
  'EXCP_METADATA_SOURCE',
  'RWS_URL',
  'RWS_USERNAME',
  'RWS_PASSWORD',
  'RWS_CONTACT_CENTER_ID',
  'RWS_DISCOVERY',
  'RWS_POLL_INTERVAL_SECONDS',
  'RWS_POLL_OVERLAP_SECONDS',
  'RWS_DEADLINE_HOURS',
  'RWS_AUDIO_NAME_TEMPLATE',
] as const;
export type RwsSettings = Settings<(typeof rwsSettingNames)[number]>;

/** Whether metadata come from RWS at all. */
export function usesRws(settings: RwsSettings): boolean {
  return settings.EXCP_METADATA_SOURCE !== 'mcp';
}

/** What has to be right about the settings of RWS together. RWS wants Basic credentials on every call (docs/reference/genesys-facts.md#32-authentication-and-csrf). */
export function rwsRule(settings: RwsSettings): SettingFault[] {
  const { RWS_URL: url } = settings;
  const faults: SettingFault[] = [];
  if (usesRws(settings)) {
    const missing = (['RWS_URL', 'RWS_USERNAME', 'RWS_PASSWORD'] as const).filter(
      (name) => settings[name] === undefined,
    );
    const problem = 'is needed when EXCP_METADATA_SOURCE is rws or both';
    faults.push(...missing.map((name) => ({ name, problem })));
  } else if (settings.RWS_DISCOVERY) {
    faults.push({ name: 'RWS_DISCOVERY', problem: 'needs EXCP_METADATA_SOURCE rws or both' });
  }
  if (url !== undefined && (new URL(url).username !== '' || new URL(url).password !== ''))
    faults.push({ name: 'RWS_URL', problem: 'must hold no credentials: use RWS_USERNAME' });
  const problem = audioNameFault(settings.RWS_AUDIO_NAME_TEMPLATE);
  if (problem !== undefined) faults.push({ name: 'RWS_AUDIO_NAME_TEMPLATE', problem });
  return faults;
}
