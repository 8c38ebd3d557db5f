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

/** Half a pair of credentials protects nothing. */
export const credentialsRule: SettingRule<(typeof settingNames)[number]> = (settings) =>
  allOrNone(settings, 'STORAGE_USERNAME', 'STORAGE_PASSWORD');

/** Off loopback without credentials: anybody on the network may read and write recordings. */
export function isOpenToAll({ STORAGE_HOST, STORAGE_USERNAME }: StorageSettings): boolean {
  return STORAGE_USERNAME === undefined && !isLoopbackHost(STORAGE_HOST);
}

/** Decimal gigabytes (10^9 bytes, our choice) to bytes. */
export function quotaBytes({ STORAGE_QUOTA_GB }: StorageSettings): number | undefined {
  return STORAGE_QUOTA_GB === undefined ? undefined : Math.floor(STORAGE_QUOTA_GB * 1e9);
}
