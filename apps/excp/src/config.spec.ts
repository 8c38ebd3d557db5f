import { ownSettings } from '@exrec/service-kit/testing';
import { readSettings, SettingsError } from '@exrec/service-kit';
import { excpRules, excpSettingNames, settingWarnings } from './config.js';

const needed = { GC_REGION: 'mypurecloud.de', GC_CLIENT_ID: 'a', GC_CLIENT_SECRET: 'b' };

function faultsOf(environment: Record<string, string>): string[] {
  try {
    readSettings(excpSettingNames, { ...needed, ...environment }, excpRules);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map(({ name }) => name);
    throw error;
  }
}

it.each([
  ['nothing but the credentials of Genesys Cloud', {}, []],
  ['an EXRP elsewhere without a token', { EXRP_URL: 'http://exrp:3660' }, ['EXRP_API_TOKEN']],
  ['one with a token', { EXRP_URL: 'http://exrp:3660', EXRP_API_TOKEN: 't' }, []],
  ['half of the credentials of MCP', { EXCP_MCP_USERNAME: 'mcp' }, ['EXCP_MCP_PASSWORD']],
  [
    'RWS without an address',
    { EXCP_METADATA_SOURCE: 'rws', RWS_USERNAME: 'u', RWS_PASSWORD: 'p' },
    ['RWS_URL'],
  ],
  ['no Genesys Cloud', { GC_REGION: '' }, ['GC_REGION']],
])('judges %s', (_name, environment, expected) => {
  expect(faultsOf(environment)).toEqual(expected);
});

it.each([
  [{ EXCP_HOST: '127.0.0.1' }, []],
  [{}, ['call-events-access', 'metadata-access']],
  [{ EXCP_EVENTS_TOKEN: 't', EXCP_MCP_ALLOWED_NETWORKS: '10.0.0.0/8' }, []],
  [{ EXCP_MCP_USERNAME: 'u', EXCP_MCP_PASSWORD: 'p' }, ['call-events-access']],
])('warns about what anybody may do, with %p', (environment, expected) => {
  const settings = readSettings(excpSettingNames, { ...needed, ...environment }, excpRules);
  expect(settingWarnings(settings).map(({ name }) => name)).toEqual(expected);
});

it('reads the settings that are documented, and no others', () => {
  expect([...excpSettingNames].sort()).toEqual(ownSettings('excp'));
});
