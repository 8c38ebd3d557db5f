import { readSettings, SettingsError } from '@exrec/service-kit';
import { rwsRule, rwsSettingNames } from './rws-settings.js';

const good = {
  EXCP_METADATA_SOURCE: 'rws',
  RWS_URL: 'https://rws.example.com/gir',
  RWS_USERNAME: 'ops',
  RWS_PASSWORD: 'canary-password',
};

function faultsOf(environment: Record<string, string>): string {
  try {
    readSettings(rwsSettingNames, environment, [rwsRule]);
    return '';
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

it.each([{}, good, { ...good, EXCP_METADATA_SOURCE: 'both', RWS_DISCOVERY: 'true' }])(
  'accepts %j',
  (environment) => expect(faultsOf(environment)).toBe(''),
);

it.each([
  [{ EXCP_METADATA_SOURCE: 'rws' }, ['RWS_URL', 'RWS_USERNAME', 'RWS_PASSWORD']],
  [{ RWS_DISCOVERY: 'true' }, ['RWS_DISCOVERY']],
  [{ ...good, RWS_URL: 'https://ops:canary-password@rws.example.com' }, ['RWS_URL']],
  [{ ...good, RWS_AUDIO_NAME_TEMPLATE: '{callUUID}.opus' }, ['RWS_AUDIO_NAME_TEMPLATE']],
])('refuses %j by the names of the settings, without values', (environment, names) => {
  const faults = faultsOf(environment);
  expect(faults.split('\n').map((line) => line.split(':')[0])).toEqual(names);
  expect(faults).not.toContain('canary');
});
