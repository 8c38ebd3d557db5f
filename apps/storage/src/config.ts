import {
  allOrNone,
  isLoopbackHost,
  type SettingName,
  type SettingRule,
  type Settings,
} from '@exrec/service-kit';

export const settingNames = [
  'STORAGE_HOST',
  'STORAGE_PORT',
  'STORAGE_DIR',
  'STORAGE_USERNAME',
  'STORAGE_PASSWORD',
  'STORAGE_QUOTA_GB',
] as const satisfies readonly SettingName[];

export type StorageSettings = Settings<(typeof settingNames)[number]>;

/** Half a pair of credentials protects nothing; without them anybody on the network could read and write recordings. */
export const credentialsRule: SettingRule<(typeof settingNames)[number]> = (settings) => {
  const { STORAGE_HOST, STORAGE_USERNAME, STORAGE_PASSWORD } = settings;
  const isOpen = STORAGE_USERNAME === undefined && STORAGE_PASSWORD === undefined;
  if (isOpen && !isLoopbackHost(STORAGE_HOST)) {
    const problem = 'is needed unless STORAGE_HOST is a loopback address';
    return ['STORAGE_USERNAME', 'STORAGE_PASSWORD'].map((name) => ({ name, problem }));
  }
  return allOrNone(settings, 'STORAGE_USERNAME', 'STORAGE_PASSWORD');
};

/** Decimal gigabytes (10^9 bytes) to bytes. */
export function quotaBytes({ STORAGE_QUOTA_GB }: StorageSettings): number | undefined {
  return STORAGE_QUOTA_GB === undefined ? undefined : Math.floor(STORAGE_QUOTA_GB * 1e9);
}
