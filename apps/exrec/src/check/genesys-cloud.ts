import type { GcCredentials } from '@exrec/gc-api';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { GcClient } from './gc-client.js';
import { fine, someOf, stops, warning, type Finding } from './finding.js';
import { checkPermissions } from './permissions.js';
import type { AllSettings } from './settings.js';

/** Clocks of a site and of Genesys Cloud that are in sync differ by less than this. */
const clockToleranceMs = 60_000;
const clientsFile = z.array(z.object({ client_id: z.string(), client_secret: z.string() })).min(1);

/** Login client by client, each permission by name, clock, key and source. */
export async function checkGenesysCloud(settings: AllSettings): Promise<Finding[]> {
  const findings: Finding[] = [];
  let usable: GcClient | undefined;
  for (const credentials of credentialsOf(settings)) {
    const client = new GcClient(credentials, settings);
    const { status, clockAheadMs } = await client.login();
    if (status !== 200) {
      findings.push(loginFinding(client.name, status));
      continue;
    }
    usable ??= client;
    findings.push(...(await checkPermissions(client)), ...clockFindings(clockAheadMs));
  }
  if (usable !== undefined) {
    findings.push(...(await checkKey(usable)), ...(await checkSource(usable, settings)));
  }
  return findings;
}

function credentialsOf(settings: AllSettings): readonly GcCredentials[] {
  const {
    GC_CLIENTS_FILE: file,
    GC_CLIENT_ID: clientId,
    GC_CLIENT_SECRET: clientSecret,
  } = settings;
  if (file !== undefined) {
    return clientsFile
      .parse(parse(readFileSync(file, 'utf8')))
      .map((one) => ({ clientId: one.client_id, clientSecret: one.client_secret }));
  }
  return clientId === undefined || clientSecret === undefined ? [] : [{ clientId, clientSecret }];
}

function loginFinding(name: string, status: number): Finding {
  return status === 0
    ? stops(
        'genesys cloud',
        'the login host cannot be reached',
        'GC_REGION, HTTPS_PROXY, DNS, firewall',
      )
    : stops(
        'genesys cloud',
        `client ${name} is refused (${status})`,
        'GC_CLIENT_ID and GC_CLIENT_SECRET; its grant type must be client credentials',
      );
}

function clockFindings(clockAheadMs: number | undefined): Finding[] {
  if (clockAheadMs === undefined) return [];
  const seconds = Math.round(clockAheadMs / 1000);
  if (Math.abs(clockAheadMs) <= clockToleranceMs) return [fine('clock', `${seconds} s off`)];
  return [
    stops('clock', `this machine is ${-seconds} s ahead of Genesys Cloud`, 'keep it in sync (NTP)'),
  ];
}

async function checkKey(client: GcClient): Promise<Finding[]> {
  const { status, body } = await client.call('GET', '/api/v2/recording/recordingkeys?pageSize=25');
  if (status !== 200) return [];
  const { entities = [] } = body as {
    entities?: { createDate?: string; keydataSummary?: string }[];
  };
  const dates = entities
    .filter(({ keydataSummary }) => (keydataSummary ?? '') !== '')
    .map(({ createDate }) => createDate ?? '')
    .sort();
  const newest = dates.at(-1);
  if (newest === undefined)
    return [
      stops('key', 'there is no recording key', 'make one in Genesys Cloud: nothing is sealed'),
    ];
  return [fine('key', newest === '' ? 'there is one' : `the newest is of ${newest.slice(0, 10)}`)];
}

async function checkSource(client: GcClient, settings: AllSettings): Promise<Finding[]> {
  const { status, body } = await client.call('GET', '/api/v2/presence/sources');
  if (status !== 200) return [];
  const { entities = [] } = body as { entities?: { name?: string; deactivated?: boolean }[] };
  const names = entities.filter((one) => one.deactivated !== true).map(({ name = '' }) => name);
  const wanted = sourceSetting(settings);
  if (wanted !== undefined && !names.includes(wanted))
    return [warning('source', `${wanted} is not among ${someOf(names)}`, 'EXCP_GC_SOURCE')];
  if (names.length > 1 && wanted === undefined && !names.includes('EX Engage Connector'))
    return [stops('source', `there are several: ${someOf(names)}`, 'name one in EXCP_GC_SOURCE')];
  return [fine('source', names.length === 0 ? 'none yet: EXCP makes one' : someOf(names))];
}

/** Read by its name: a release without conversations has no such setting. */
function sourceSetting(settings: AllSettings): string | undefined {
  const { EXCP_GC_SOURCE: source } = settings as unknown as { EXCP_GC_SOURCE?: string };
  return source;
}
