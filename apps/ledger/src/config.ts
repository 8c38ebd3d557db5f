import { redisRule, redisSettingNames, type SettingFault, type Settings } from '@exrec/service-kit';

export const ledgerSettingNames = [
  ...redisSettingNames,
  'LEDGER_HOST',
  'LEDGER_PORT',
  'LEDGER_DATABASE_URL',
  'LEDGER_NUMBER_KEY',
  'LEDGER_KEEP_NUMBERS',
  'LEDGER_KEEP_DAYS',
  'EXCP_URL',
  'EXRP_URL',
  'ADMIN_TOKEN',
  'EXREC_TOKENS_FILE',
] as const;

export type LedgerSettings = Settings<(typeof ledgerSettingNames)[number]>;

/** What has to be right about the ledger's settings together. */
export const ledgerRules = [redisRule, neededRule];

/** Shorter keys can be guessed, and with the key every number by trying them all. */
const shortestKey = 16;

function neededRule(settings: LedgerSettings): SettingFault[] {
  const { LEDGER_DATABASE_URL: url, LEDGER_NUMBER_KEY: key } = settings;
  return [
    ...(url === undefined ? [{ name: 'LEDGER_DATABASE_URL', problem: 'is needed' }] : []),
    ...(key === undefined ? [{ name: 'LEDGER_NUMBER_KEY', problem: 'is needed' }] : []),
    ...(key !== undefined && key.length < shortestKey
      ? [{ name: 'LEDGER_NUMBER_KEY', problem: `must have at least ${shortestKey} characters` }]
      : []),
  ];
}
