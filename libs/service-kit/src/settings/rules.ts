import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { SettingFault } from './read-settings.js';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a host name or address means this machine only. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare === 'localhost') return true;
  const version = isIP(bare);
  return version !== 0 && loopback.check(bare, version === 4 ? 'ipv4' : 'ipv6');
}

type Given = Readonly<Record<string, unknown>>;

/** Settings that make sense only together: all or none of them. */
export function allOrNone(settings: Given, ...names: readonly string[]): SettingFault[] {
  const missing = names.filter((name) => settings[name] === undefined);
  if (missing.length === 0 || missing.length === names.length) return [];
  return missing.map((name) => ({
    name,
    problem: `is needed together with ${names.filter((other) => other !== name).join(', ')}`,
  }));
}

/** What every service that talks to Genesys Cloud needs to know. */
export function gcRule(settings: Given): SettingFault[] {
  const faults: SettingFault[] = [];
  const hosts = allOrNone(settings, 'GC_API_URL', 'GC_LOGIN_URL');
  if (settings.GC_REGION === undefined) {
    faults.push(...hosts);
    if (settings.GC_API_URL === undefined && settings.GC_LOGIN_URL === undefined) {
      faults.push({ name: 'GC_REGION', problem: 'is needed (or GC_API_URL and GC_LOGIN_URL)' });
    }
  }
  const single = settings.GC_CLIENT_ID !== undefined || settings.GC_CLIENT_SECRET !== undefined;
  if (settings.GC_CLIENTS_FILE !== undefined) {
    if (single)
      faults.push({ name: 'GC_CLIENTS_FILE', problem: 'cannot be combined with GC_CLIENT_ID' });
    return faults;
  }
  for (const name of ['GC_CLIENT_ID', 'GC_CLIENT_SECRET']) {
    if (settings[name] === undefined) faults.push({ name, problem: 'is needed' });
  }
  return faults;
}

/** At most one way to reach Redis, and a complete one. */
export function redisRule(settings: Given): SettingFault[] {
  const faults = allOrNone(settings, 'REDIS_SENTINELS', 'REDIS_SENTINEL_MASTER');
  if (settings.REDIS_SENTINELS !== undefined && settings.REDIS_CLUSTER_NODES !== undefined) {
    faults.push({
      name: 'REDIS_CLUSTER_NODES',
      problem: 'cannot be combined with REDIS_SENTINELS',
    });
  }
  return faults;
}

/** Certificate and key come together, can be read and belong to each other. */
export function tlsRule(settings: Given): SettingFault[] {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = settings;
  if (typeof certFile !== 'string' || typeof keyFile !== 'string') {
    return allOrNone(settings, 'TLS_CERT_FILE', 'TLS_KEY_FILE');
  }
  const faults = ['TLS_CERT_FILE', 'TLS_KEY_FILE']
    .filter((name) => !isReadable(String(settings[name])))
    .map((name) => ({ name, problem: 'names a file that cannot be read' }));
  if (faults.length > 0) return faults;
  try {
    createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
    return [];
  } catch {
    return [{ name: 'TLS_KEY_FILE', problem: 'and TLS_CERT_FILE are no PEM pair that fits' }];
  }
}

function isReadable(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
