import { runService } from '@exrec/service-kit';
import { excpRules, excpSettingNames } from './config.js';
import { startExcp } from './container.js';

void runService({
  name: 'excp',
  settingNames: excpSettingNames,
  rules: excpRules,
  start: startExcp,
});
