import { gcClients, type GcCredentials } from '@exrec/gc-api';
import { GcClient } from './gc-client.js';
import { fine, someOf, stops, type Finding } from './finding.js';
import { checkMappings, checkRules } from './mappings.js';
import { checkPermissions } from './permissions.js';
import { checkKey } from './recording-key.js';
import type { AllSettings } from './settings.js';
import { checkUploadHosts } from './upload-hosts.js';

/** Clocks of a site and of Genesys Cloud that are in sync differ by less than this. */
const clockToleranceMs = 60_000;

/** Login client by client, each permission by name, clock, key, source, and what does not map. */
export async function checkGenesysCloud(settings: AllSettings, nowMs: number): Promise<Finding[]> {
  const { rules, findings: ofRules } = await checkRules(settings);
  const findings: Finding[] = [...ofRules];
  let usable: { client: GcClient; credentials: GcCredentials } | undefined;
  let uploadUrl: string | undefined;
  for (const credentials of clientsOf(settings, findings)) {
    const client = new GcClient(credentials, settings);
    const { status, clockAheadMs } = await client.login();
    if (status !== 200) {
      findings.push(loginFinding(client.name, status));
      continue;
    }
    usable ??= { client, credentials };
    const permissions = await checkPermissions(client);
    uploadUrl ??= permissions.uploadUrl;
    findings.push(...permissions.findings, ...clockFindings(clockAheadMs));
  }
  if (usable !== undefined) {
    const { client, credentials } = usable;
    findings.push(
      ...(await checkKey(client, nowMs)),
      ...(await checkSource(client, settings)),
      ...(await checkMappings(settings, credentials, rules)),
    );
  }
  return [...findings, ...(await checkUploadHosts(settings, uploadUrl))];
}

function clientsOf(settings: AllSettings, findings: Finding[]): readonly GcCredentials[] {
  try {
    return gcClients(settings);
  } catch (error) {
    const text = error instanceof Error ? error.message : 'the OAuth clients cannot be read';
    findings.push(stops('genesys cloud', text, 'docs/operate/secrets.md'));
    return [];
  }
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

async function checkSource(client: GcClient, settings: AllSettings): Promise<Finding[]> {
  const { status, body } = await client.call('GET', '/api/v2/presence/sources');
  if (status !== 200) return [];
  const { entities = [] } = body as {
    entities?: { id?: string; name?: string; deactivated?: boolean }[];
  };
  const active = entities.filter((one) => one.deactivated !== true);
  const names = active.map(({ name = '' }) => name);
  const { EXCP_GC_SOURCE: wanted } = settings;
  if (wanted !== undefined && !active.some(({ id, name }) => id === wanted || name === wanted))
    return [stops('source', `${wanted} is not among ${someOf(names)}`, 'EXCP_GC_SOURCE')];
  if (names.length > 1 && wanted === undefined && !names.includes('EX Engage Connector'))
    return [stops('source', `there are several: ${someOf(names)}`, 'name one in EXCP_GC_SOURCE')];
  return [fine('source', names.length === 0 ? 'none yet: EXCP makes one' : someOf(names))];
}
