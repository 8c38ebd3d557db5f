import { readSettings } from '@exrec/service-kit';
import { credentialsRule, isOpenToAll, quotaBytes, settingNames } from './config.js';

function settings(environment: Readonly<Record<string, string>> = {}) {
  return readSettings(settingNames, environment, [credentialsRule]);
}

const credentials = { STORAGE_USERNAME: 'mcp', STORAGE_PASSWORD: 'secret' };

describe('storage settings', () => {
  it.each([
    ['off loopback without credentials', {}, true],
    ['off loopback with credentials', credentials, false],
    ['on loopback without credentials', { STORAGE_HOST: '127.0.0.1' }, false],
  ])('knows whether anybody may write: %s', (_what, environment, open) => {
    expect(isOpenToAll(settings(environment))).toBe(open);
  });

  it('wants both credentials or none', () => {
    expect(() => settings({ STORAGE_USERNAME: 'mcp' })).toThrow('STORAGE_PASSWORD');
    expect(() => settings({ STORAGE_PASSWORD: 'secret' })).toThrow('STORAGE_USERNAME');
  });

  it('reads the quota in decimal gigabytes, with decimals', () => {
    expect(quotaBytes(settings({ STORAGE_QUOTA_GB: '0.5' }))).toBe(500_000_000);
    expect(quotaBytes(settings())).toBeUndefined();
  });
});
