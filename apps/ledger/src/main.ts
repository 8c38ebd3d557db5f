import { dirname, join } from 'node:path';
import { runService } from '@exrec/service-kit';
import { ledgerRules, ledgerSettingNames } from './config.js';
import { startLedger } from './container.js';

/** The built console lies beside the built ledger. */
const consoleDir = join(dirname(process.argv[1] ?? '.'), '..', 'console');

void runService({
  name: 'ledger',
  settingNames: ledgerSettingNames,
  rules: ledgerRules,
  start: (context) => startLedger(context, { consoleDir }),
});
