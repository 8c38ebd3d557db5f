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
import { rwsRule, rwsSettingNames } from './rws/index.js';

export const excpSettingNames = [
  ...redisSettingNames,
  'GC_REGION',
  'GC_API_URL',
  'GC_LOGIN_URL',
  'GC_CLIENT_ID',
  'GC_CLIENT_SECRET',
  'GC_CLIENTS_FILE',
  'GC_REQUESTS_PER_MINUTE',
  'GC_CONFIG_REFRESH_SECONDS',
  'HYBRID_INTEGRATION_FILE',
  'STA_DEFAULT_LANGUAGE',
  'STA_USERDATA_LANGUAGE_KEY',
  'EXCP_HOST',
  'EXCP_PORT',
  'EXCP_MCP_USERNAME',
  'EXCP_MCP_PASSWORD',
  'EXCP_MCP_ALLOWED_NETWORKS',
  'EXCP_EVENTS_TOKEN',
  'EXCP_QUIET_PERIOD_SECONDS',
  'EXCP_SETTLE_SECONDS',
  'EXCP_MAX_INTERACTION_HOURS',
  'EXCP_QUEUE_PARAMETER',
  'EXCP_KEEP_DAYS',
  'EXCP_CONVERSATIONS',
  'EXCP_RECORDED_PARTIES',
  'EXCP_GC_SOURCE',
  'EXCP_UNKNOWN_AGENT',
  'EXCP_TRANSFER_EVENTS',
  'EXCP_EVENTS_PER_REQUEST',
  ...rwsSettingNames,
  'EXRP_URL',
  'EXRP_API_TOKEN',
  'ADMIN_TOKEN',
  'EXREC_TOKENS_FILE',
  'EXREC_LEDGER',
  'HTTPS_PROXY',
  'NO_PROXY',
] as const;

export type ExcpSettings = Settings<(typeof excpSettingNames)[number]>;

/** What has to be right about EXCP's settings together. */
export const excpRules = [gcRule, gcConnectionRule, redisRule, mcpRule, rwsRule, tokenRule];

function mcpRule(settings: ExcpSettings): SettingFault[] {
  return allOrNone(settings, 'EXCP_MCP_USERNAME', 'EXCP_MCP_PASSWORD');
}

function tokenRule({ EXRP_API_TOKEN: token, EXRP_URL: url }: ExcpSettings): SettingFault[] {
  if (token !== undefined || isLoopbackHost(new URL(url).hostname)) return [];
  return [{ name: 'EXRP_API_TOKEN', problem: 'is needed unless EXRP_URL is a loopback address' }];
}

/** What an operator should know about these settings, by name of a readiness check. */
export function settingWarnings(
  settings: Pick<
    ExcpSettings,
    | 'EXCP_HOST'
    | 'EXCP_EVENTS_TOKEN'
    | 'EXCP_MCP_USERNAME'
    | 'EXCP_MCP_ALLOWED_NETWORKS'
    | 'EXCP_CONVERSATIONS'
  >,
): readonly { readonly name: string; readonly text: string }[] {
  const warnings: { name: string; text: string }[] = [];
  if (settings.EXCP_CONVERSATIONS === 'off') {
    warnings.push({
      name: 'conversations-off',
      text: 'EXCP_CONVERSATIONS is off: recordings wait in Genesys Cloud for conversations that nobody tells it of',
    });
  }
  if (isLoopbackHost(settings.EXCP_HOST)) return warnings;
  if (settings.EXCP_EVENTS_TOKEN === undefined) {
    warnings.push({
      name: 'call-events-access',
      text: 'anybody may post call events: EXCP_EVENTS_TOKEN is not set',
    });
  }
  if (
    settings.EXCP_MCP_USERNAME === undefined &&
    settings.EXCP_MCP_ALLOWED_NETWORKS === undefined
  ) {
    warnings.push({
      name: 'metadata-access',
      text: 'anybody may post metadata: neither EXCP_MCP_USERNAME nor EXCP_MCP_ALLOWED_NETWORKS is set',
    });
  }
  return warnings;
}
