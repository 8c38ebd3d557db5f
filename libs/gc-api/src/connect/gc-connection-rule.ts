import type { SettingFault } from '@exrec/service-kit';
import { gcHosts } from '../hosts/gc-hosts.js';
import { gcClients, type GcClientSettings } from './gc-clients.js';

export type GcConnectionSettings = GcClientSettings & {
  readonly GC_REGION: string | undefined;
  readonly GC_API_URL: string | undefined;
  readonly GC_LOGIN_URL: string | undefined;
};

/**
 * What `connectGc` would refuse, as faults of the settings: a region that is none, and a file of clients that can't be
 * read. What is missing altogether is told by `gcRule`.
 */
export function gcConnectionRule(settings: GcConnectionSettings): SettingFault[] {
  const { GC_REGION: region, GC_API_URL: apiUrl, GC_LOGIN_URL: loginUrl } = settings;
  return [
    ...(region === undefined
      ? []
      : faultsOf('GC_REGION', () => gcHosts({ region, apiUrl, loginUrl }))),
    ...(settings.GC_CLIENTS_FILE === undefined
      ? []
      : faultsOf('GC_CLIENTS_FILE', () => gcClients(settings))),
  ];
}

/** The messages begin with the name of the setting, and repeat no value. */
function faultsOf(name: string, read: () => unknown): SettingFault[] {
  try {
    read();
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : 'cannot be used';
    return [{ name, problem: message.replace(`${name} `, '') }];
  }
}
