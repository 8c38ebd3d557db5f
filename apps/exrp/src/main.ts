import { runService } from '@exrec/service-kit';
import { exrpRules, exrpSettingNames } from './config.js';
import { startExrp } from './container.js';

void runService({
  name: 'exrp',
  settingNames: exrpSettingNames,
  rules: exrpRules,
  start: startExrp,
});
