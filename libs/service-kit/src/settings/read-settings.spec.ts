import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, SettingsError, type Environment } from './read-settings.js';
import { gcRule, isLoopbackHost, redisRule } from './rules.js';
import { catalogue, type SettingName } from './catalogue.js';

const names = [
  'EXCP_PORT',
  'EXCP_QUIET_PERIOD_SECONDS',
  'GC_CLIENT_SECRET',
  'EXCP_METADATA_SOURCE',
] as const;

function faultsOf(environment: Environment): Record<string, string> {
  try {
    readSettings(names, environment);
  } catch (error) {
    if (error instanceof SettingsError) {
      return Object.fromEntries(error.faults.map(({ name, problem }) => [name, problem]));
    }
    throw error;
  }
  return {};
}

function secretFile(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'exrec-settings-')), 'secret');
  writeFileSync(path, content);
  return path;
}

describe('readSettings', () => {
  it('gives the documented defaults', () => {
    expect(readSettings(names, {})).toEqual({
      EXCP_PORT: 3650,
      EXCP_QUIET_PERIOD_SECONDS: 30,
      GC_CLIENT_SECRET: undefined,
      EXCP_METADATA_SOURCE: 'mcp',
    });
  });

  it('reads values, decimals and files', () => {
    const settings = readSettings(names, {
      EXCP_PORT: '4000',
      EXCP_QUIET_PERIOD_SECONDS: '0.5',
      GC_CLIENT_SECRET_FILE: secretFile('hush\n'),
    });
    expect(settings).toMatchObject({
      EXCP_PORT: 4000,
      EXCP_QUIET_PERIOD_SECONDS: 0.5,
      GC_CLIENT_SECRET: 'hush',
    });
  });

  it('counts an empty text as unset', () => {
    expect(readSettings(names, { EXCP_PORT: '', GC_CLIENT_SECRET: ' ' })).toMatchObject({
      EXCP_PORT: 3650,
    });
  });

  it('lists every fault at once, by name and without values', () => {
    const environment = {
      EXCP_PORT: 'hunter2',
      EXCP_QUIET_PERIOD_SECONDS: '0',
      EXCP_METADATA_SOURCE: 'hunter2',
      GC_CLIENT_SECRET: 'hunter2',
      GC_CLIENT_SECRET_FILE: secretFile('hunter2'),
      EXCP_PROT: 'hunter2',
    };
    const faults = faultsOf(environment);
    expect(Object.keys(faults).sort()).toEqual(
      [
        'EXCP_METADATA_SOURCE',
        'EXCP_PORT',
        'EXCP_PROT',
        'EXCP_QUIET_PERIOD_SECONDS',
        'GC_CLIENT_SECRET',
      ].sort(),
    );
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });

  it('refuses a file that cannot be read', () => {
    expect(faultsOf({ GC_CLIENT_SECRET_FILE: '/does/not/exist' })).toHaveProperty(
      'GC_CLIENT_SECRET',
    );
  });

  it('leaves variables of container platforms alone', () => {
    expect(
      faultsOf({ EXRP_SERVICE_HOST: '10.0.0.1', EXRP_PORT_3660_TCP_ADDR: '10.0.0.1' }),
    ).toEqual({});
    const links = { EXCP_PORT: 'tcp://10.0.0.1:3650', EXRP_API_PORT: 'tcp://10.0.0.2:3660' };
    expect(faultsOf(links)).toEqual({});
    expect(readSettings(['EXCP_PORT'], links)).toEqual({ EXCP_PORT: 3650 });
  });

  it.each<[SettingName, string, boolean]>([
    ['REDIS_SENTINELS', 'a:1,b:2', true],
    ['REDIS_SENTINELS', 'a', false],
    ['REDIS_SENTINELS', ',', false],
    ['EXRP_UPLOAD_HOSTS', 'a, *.b', true],
    ['EXRP_UPLOAD_HOSTS', ' , ', false],
    ['GC_API_URL', 'http://127.0.0.1:3690', true],
    ['GC_API_URL', 'https://api.example.com/v2', false],
    ['REDIS_URL', 'redis://:Secret100%25safe@127.0.0.1:6379', true],
    ['REDIS_URL', 'redis://:Secret100%safe@127.0.0.1:6379', false],
    ['WEBDAV_URL', 'http://u:Grüße€@127.0.0.1/', true],
    ['WEBDAV_URL', 'http://u:100%@127.0.0.1/', false],
    ['HTTPS_PROXY', 'http://u:a6%6q@127.0.0.1:20401', false],
    ['GC_REQUESTS_PER_MINUTE', '2.5', true],
    ['GC_REQUESTS_PER_MINUTE', '.5', true],
    ['GC_REQUESTS_PER_MINUTE', '-1', false],
    ['EXCP_MCP_ALLOWED_NETWORKS', '10.0.0.0/8,::1/128,192.168.1.4', true],
    ['EXCP_MCP_ALLOWED_NETWORKS', '10.0.0.0/40', false],
    ['EXCP_MCP_ALLOWED_NETWORKS', '10.0.0.0/8/24', false],
    ['EXCP_MCP_ALLOWED_NETWORKS', '10.0.0.0/', false],
    ['REDIS_KEY_PREFIX', '{x}', false],
    ['EXRP_CONCURRENCY', '0', false],
    ['EXRP_ALLOW_INSECURE_UPLOAD', 'true', true],
    ['EXRP_ALLOW_INSECURE_UPLOAD', 'yes', false],
  ])('%s=%s is accepted: %s', (name, value, accepted) => {
    const read = () => readSettings([name], { [name]: value });
    if (accepted) expect(read).not.toThrow();
    else expect(read).toThrow(SettingsError);
  });
});

describe('rules over several settings', () => {
  it.each([
    [{ GC_REGION: 'mypurecloud.de', GC_CLIENT_ID: 'a', GC_CLIENT_SECRET: 'b' }, []],
    [{ GC_API_URL: 'x', GC_CLIENT_ID: 'a', GC_CLIENT_SECRET: 'b' }, ['GC_LOGIN_URL']],
    [{ GC_REGION: 'x' }, ['GC_CLIENT_ID', 'GC_CLIENT_SECRET']],
    [{ GC_REGION: 'x', GC_CLIENTS_FILE: 'f' }, []],
    [{ GC_REGION: 'x', GC_CLIENTS_FILE: 'f', GC_CLIENT_ID: 'a' }, ['GC_CLIENTS_FILE']],
    [{}, ['GC_REGION', 'GC_CLIENT_ID', 'GC_CLIENT_SECRET']],
  ])('Genesys Cloud %j lacks %j', (settings, faulty) => {
    expect(gcRule(settings).map(({ name }) => name)).toEqual(faulty);
  });

  it('takes Sentinels only with their master, and not together with a Cluster', () => {
    expect(redisRule({ REDIS_SENTINELS: [] }).map(({ name }) => name)).toEqual([
      'REDIS_SENTINEL_MASTER',
    ]);
    const doubled = { REDIS_SENTINELS: [], REDIS_SENTINEL_MASTER: 'm', REDIS_CLUSTER_NODES: [] };
    expect(redisRule(doubled).map(({ name }) => name)).toEqual(['REDIS_CLUSTER_NODES']);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['[::1]', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['10.0.0.1', false],
    ['exrp.example.com', false],
  ])('%s is loopback: %s', (host, expected) => expect(isLoopbackHost(host)).toBe(expected));
});

it('describes every setting for the documentation', () => {
  for (const { about, who } of Object.values(catalogue)) {
    expect(about).not.toBe('');
    expect(who.length).toBeGreaterThan(0);
  }
});
