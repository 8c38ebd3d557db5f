import { ownSettings } from '@exrec/service-kit/testing';
import { exrpSettingNames } from './config.js';

it('reads the settings that are documented, and no others', () => {
  expect([...exrpSettingNames].sort()).toEqual(ownSettings('exrp'));
});
