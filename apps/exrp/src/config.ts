import { gcConnectionRule } from '@exrec/gc-api';
import {
  allOrNone,
  gcRule,
  isLoopbackHost,
  redisRule,
  redisSettingNames,
  type SettingFault,
  type Settings,
} from '@exrec/service-kit';

export const exrpSettingNames = [
  ...redisSettingNames,
  'GC_REGION',
  'GC_API_URL',
  'GC_LOGIN_URL',
  'GC_CLIENT_ID',
  'GC_CLIENT_SECRET',
  'GC_CLIENTS_FILE',
  'GC_REQUESTS_PER_MINUTE',
  'GC_KEY_REFRESH_SECONDS',
  'EXRP_HOST',
  'EXRP_PORT',
  'EXRP_API_TOKEN',
  'ADMIN_TOKEN',
  'EXREC_TOKENS_FILE',
  'WEBDAV_URL',
  'WEBDAV_USERNAME',
  'WEBDAV_PASSWORD',
  'EXREC_LEDGER',
  'EXRP_CONCURRENCY',
  'EXRP_SPOOL_DIR',
  'EXRP_SPOOL_MAX_MB',
  'EXRP_MAX_AUDIO_MB',
  'EXRP_ENCRYPTION',
  'EXRP_AUDIO_DEADLINE_HOURS',
  'EXRP_RETENTION_HOURS',
  'EXRP_DELETE_WHEN',
  'EXRP_REPORT_INTERVAL_MINUTES',
  'EXRP_UPLOAD_HOSTS',
  'EXRP_ALLOW_INSECURE_UPLOAD',
  'HTTPS_PROXY',
  'NO_PROXY',
] as const;

export type ExrpSettings = Settings<(typeof exrpSettingNames)[number]>;

/** What has to be right about EXRP's settings together. */
export const exrpRules = [gcRule, gcConnectionRule, redisRule, webdavRule, tokenRule];

function webdavRule(settings: ExrpSettings): SettingFault[] {
  return allOrNone(settings, 'WEBDAV_USERNAME', 'WEBDAV_PASSWORD');
}

function tokenRule({ EXRP_API_TOKEN: token, EXRP_HOST: host }: ExrpSettings): SettingFault[] {
  if (token !== undefined || isLoopbackHost(host)) return [];
  return [{ name: 'EXRP_API_TOKEN', problem: 'is needed unless EXRP_HOST is a loopback address' }];
}
