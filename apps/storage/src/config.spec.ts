import { ownSettings } from '@exrec/service-kit/testing';
import { readSettings } from '@exrec/service-kit';
import { credentialsRule, quotaBytes, settingNames } from './config.js';

function settings(environment: Readonly<Record<string, string>> = {}) {
  return readSettings(settingNames, environment, [credentialsRule]);
}

const credentials = { STORAGE_USERNAME: 'mcp', STORAGE_PASSWORD: 'secret' };

describe('storage settings', () => {
  it('refuses to be open to everybody on the network', () => {
    expect(() => settings()).toThrow(/STORAGE_USERNAME.*\n.*STORAGE_PASSWORD/);
    expect(() => settings(credentials)).not.toThrow();
    expect(() => settings({ STORAGE_HOST: '127.0.0.1' })).not.toThrow();
  });

  it('wants both credentials or none', () => {
    expect(() => settings({ STORAGE_USERNAME: 'mcp' })).toThrow('STORAGE_PASSWORD');
    expect(() => settings({ STORAGE_PASSWORD: 'secret' })).toThrow('STORAGE_USERNAME');
  });

  it('reads the quota in decimal gigabytes, with decimals', () => {
    expect(quotaBytes(settings({ ...credentials, STORAGE_QUOTA_GB: '0.5' }))).toBe(500_000_000);
    expect(quotaBytes(settings(credentials))).toBeUndefined();
  });
});

it('reads the settings that are documented, and no others', () => {
  expect([...settingNames].sort()).toEqual(ownSettings('storage'));
});
