import { availableParallelism, tmpdir } from 'node:os';
import { conversationSettings } from './conversation-settings.js';
import {
  flag,
  integerBetween,
  list,
  networks,
  oneOf,
  origin,
  port,
  positive,
  text,
  url,
} from './parsers.js';
import { redisCatalogue } from './redis-catalogue.js';
import { all, both, secret, setting, withRedis } from './setting.js';

export type { Service, Setting } from './setting.js';

const httpUrl = url('http:', 'https:');

/** Every setting of every service, in the order of the documentation. */
export const catalogue = {
  ...redisCatalogue,
  GC_REGION: setting(both, text, 'host (`mypurecloud.de`) or AWS name (`eu-central-1`)'),
  GC_API_URL: setting(both, origin, 'API origin, when it does not follow from the region'),
  GC_LOGIN_URL: setting(both, origin, 'login origin, when it does not follow from the region'),
  GC_CLIENT_ID: setting(both, text, 'OAuth client (client credentials)'),
  GC_CLIENT_SECRET: secret(both, 'its secret'),
  GC_CLIENTS_FILE: setting(
    both,
    text,
    'YAML list of `{client_id, client_secret}`: several OAuth clients whose budgets add up; instead of the two above',
  ),
  GC_REQUESTS_PER_MINUTE: setting(
    both,
    positive,
    'requests a minute and OAuth client, shared by the whole fleet through Redis',
    270,
  ),
  GC_CONFIG_REFRESH_SECONDS: setting(
    ['excp'],
    positive,
    'how often the STA configuration is read',
    900,
  ),
  HYBRID_INTEGRATION_FILE: setting(
    ['excp'],
    text,
    'YAML: STA options, sync-scope and maps; re-read when it changes',
  ),
  STA_DEFAULT_LANGUAGE: setting(['excp'], text, 'wins over the file'),
  STA_USERDATA_LANGUAGE_KEY: setting(['excp'], text, 'wins over the file'),
  EXCP_HOST: setting(['excp'], text, 'address to listen on', '0.0.0.0'),
  EXCP_PORT: setting(['excp'], port, 'port to listen on', 3650),
  EXCP_METADATA_SOURCE: setting(
    ['excp'],
    oneOf('mcp', 'rws', 'both'),
    'who brings the metadata',
    'mcp',
  ),
  EXCP_MCP_USERNAME: setting(['excp'], text, 'Basic user name that MCP sends'),
  EXCP_MCP_PASSWORD: secret(['excp'], 'its password'),
  EXCP_MCP_ALLOWED_NETWORKS: setting(['excp'], networks, 'networks MCP may come from, CIDR list'),
  EXCP_EVENTS_TOKEN: secret(['excp'], 'bearer token for call events'),
  EXCP_QUIET_PERIOD_SECONDS: setting(
    ['excp'],
    positive,
    'without call events: nothing new for this long ends the interaction. Longer than the longest call (e.g. 3600) where calls have several agents: what comes after the end is too late for a complete conversation in Genesys Cloud',
    30,
  ),
  EXCP_SETTLE_SECONDS: setting(
    ['excp'],
    positive,
    'wait for late events after the last call is gone',
    2,
  ),
  EXCP_MAX_INTERACTION_HOURS: setting(
    ['excp'],
    positive,
    'silence that ends an interaction by force',
    12,
  ),
  EXCP_QUEUE_PARAMETER: setting(['excp'], text, 'metadata parameter that names the queue', 'queue'),
  EXCP_KEEP_DAYS: setting(
    ['excp'],
    positive,
    'how long finished interactions are listed and compared; each can be read by its call for 14 days',
    3,
  ),
  ...conversationSettings,
  RWS_URL: setting(['excp'], httpUrl, 'GIR Recording Web Services'),
  RWS_USERNAME: setting(['excp'], text, 'Basic user name (ops user)'),
  RWS_PASSWORD: secret(['excp'], 'its password'),
  RWS_CONTACT_CENTER_ID: setting(
    ['excp'],
    text,
    'asked from RWS when unset and there is exactly one',
  ),
  RWS_DISCOVERY: setting(
    ['excp'],
    flag,
    'look for recordings by time, for sites without call events',
    false,
  ),
  RWS_POLL_INTERVAL_SECONDS: setting(['excp'], positive, 'discovery: time between two looks', 60),
  RWS_POLL_OVERLAP_SECONDS: setting(['excp'], positive, 'discovery: overlap of two looks', 900),
  RWS_DEADLINE_HOURS: setting(['excp'], positive, 'how long missing metadata are asked for', 6),
  RWS_AUDIO_NAME_TEMPLATE: setting(
    ['excp'],
    text,
    'name of the audio file on WebDAV, made from the stem of the RWS media file',
    '{stem}.opus',
  ),
  EXRP_URL: setting(
    ['excp', 'ledger'],
    httpUrl,
    'EXRP, or the load balancer before it',
    'http://127.0.0.1:3660',
  ),
  EXRP_API_TOKEN: secret(
    both,
    'bearer token of the injection API; may be missing only where EXRP listens on loopback',
  ),
  ADMIN_TOKEN: secret(withRedis, 'bearer token of the admin calls; without it they are off'),
  EXREC_TOKENS_FILE: setting(
    withRedis,
    text,
    'YAML list of `{name, role, sha256}`: who may read (viewer), requeue and reconcile (operator) or do everything (admin); re-read when it changes',
  ),
  EXRP_HOST: setting(['exrp'], text, 'address to listen on', '0.0.0.0'),
  EXRP_PORT: setting(['exrp'], port, 'port to listen on', 3660),
  WEBDAV_URL: setting(['exrp'], httpUrl, 'transient storage', 'http://127.0.0.1:3670/'),
  WEBDAV_USERNAME: setting(['exrp'], text, 'its user name'),
  WEBDAV_PASSWORD: secret(['exrp'], 'its password'),
  EXRP_CONCURRENCY: {
    ...setting(
      ['exrp'],
      integerBetween(1, 1_000),
      'recordings in flight',
      4 * availableParallelism(),
    ),
    shownDefault: '4 per core',
  },
  EXRP_SPOOL_DIR: {
    ...setting(['exrp'], text, 'folder for sealed ZIPs on their way', tmpdir()),
    shownDefault: 'system temp',
  },
  EXRP_SPOOL_MAX_MB: setting(
    ['exrp'],
    positive,
    'most the spool may hold; full means recordings wait',
    4096,
  ),
  EXRP_MAX_AUDIO_MB: setting(['exrp'], positive, 'largest audio file', 1024),
  EXRP_ENCRYPTION: setting(
    ['exrp'],
    oneOf('openpgp', 'cms'),
    'container of the sealed audio',
    'openpgp',
  ),
  GC_KEY_REFRESH_SECONDS: setting(['exrp'], positive, 'how often the public keys are read', 3600),
  EXRP_AUDIO_DEADLINE_HOURS: setting(
    ['exrp'],
    positive,
    'how long a missing audio file is waited for',
    24,
  ),
  EXRP_RETENTION_HOURS: setting(
    ['exrp'],
    positive,
    'age at which audio files are deleted; twice this for what waits, has no report or was handed over by nobody',
    24,
  ),
  EXRP_DELETE_WHEN: setting(
    ['exrp'],
    oneOf('retention', 'uploaded', 'confirmed'),
    'when audio files are deleted',
    'retention',
  ),
  EXRP_REPORT_INTERVAL_MINUTES: setting(
    ['exrp'],
    positive,
    'how often an upload report is read',
    30,
  ),
  EXRP_UPLOAD_HOSTS: {
    ...setting(
      ['exrp'],
      list,
      'hosts that a signed URL may name; `*` matches one or more labels. By the region: `*.amazonaws.eu` for `eusc-de-east-1`, `*.amazonaws.com.cn` for China',
    ),
    shownDefault: '`*.amazonaws.com`',
  },
  EXRP_ALLOW_INSECURE_UPLOAD: setting(
    ['exrp'],
    flag,
    'allow http uploads; tests and the simulator only',
    false,
  ),
  STORAGE_HOST: setting(['storage'], text, 'address to listen on', '0.0.0.0'),
  STORAGE_PORT: setting(['storage'], port, 'port to listen on', 3670),
  STORAGE_DIR: setting(['storage'], text, 'folder that holds the files', './storage-data'),
  STORAGE_USERNAME: setting(
    ['storage'],
    text,
    'Basic user name; may be missing only where STORAGE_HOST is a loopback address',
  ),
  STORAGE_PASSWORD: secret(['storage'], 'its password'),
  STORAGE_QUOTA_GB: setting(['storage'], positive, 'most the folder may hold; full means 507'),
  EXREC_LEDGER: setting(
    both,
    oneOf('on', 'off'),
    'tells the ledger of every change; `on` wherever a ledger runs',
    'off',
  ),
  LEDGER_HOST: setting(['ledger'], text, 'address to listen on', '0.0.0.0'),
  LEDGER_PORT: setting(['ledger'], port, 'port to listen on', 3680),
  LEDGER_DATABASE_URL: {
    ...setting(
      ['ledger'],
      url('postgres:', 'postgresql:'),
      'PostgreSQL 14 or later, `postgres://user:password@host/database`; `?sslmode=verify-full` for TLS',
    ),
    secret: true,
  },
  LEDGER_NUMBER_KEY: secret(
    ['ledger'],
    'key of the digests of phone numbers; with another one, numbers of before are no longer found',
  ),
  LEDGER_KEEP_NUMBERS: setting(['ledger'], flag, 'keep whole phone numbers, for admins', false),
  LEDGER_KEEP_DAYS: setting(['ledger'], positive, 'how long rows are kept', 400),
  EXCP_URL: setting(
    ['ledger'],
    httpUrl,
    'EXCP, or the load balancer before it',
    'http://127.0.0.1:3650',
  ),
  LOG_LEVEL: setting(
    all,
    oneOf('error', 'warn', 'info', 'debug'),
    'least level that is logged',
    'info',
  ),
  LOG_FORMAT: {
    ...setting(
      all,
      oneOf('json', 'pretty'),
      'form of a log line',
      process.stdout.isTTY ? 'pretty' : 'json',
    ),
    shownDefault: '`json`, on a terminal `pretty`',
  },
  EXREC_DRAIN_SECONDS: setting(
    all,
    positive,
    'after SIGTERM: how long requests are still answered, so that the load balancer notices; at most 10 where 30 s are given for the end',
    5,
  ),
  TLS_CERT_FILE: setting(all, text, 'PEM certificate chain; then https'),
  TLS_KEY_FILE: setting(all, text, 'its PEM private key'),
  HTTPS_PROXY: setting(both, httpUrl, 'proxy for GC and S3'),
  NO_PROXY: setting(both, text, 'hosts that need no proxy'),
} as const;

export type SettingName = keyof typeof catalogue;
export type SettingValue<N extends SettingName> =
  | ReturnType<(typeof catalogue)[N]['parse']>
  | (undefined extends (typeof catalogue)[N]['default'] ? undefined : never);
export type Settings<N extends SettingName = SettingName> = { readonly [K in N]: SettingValue<K> };
