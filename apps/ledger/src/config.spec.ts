import { ownSettings } from '@exrec/service-kit/testing';
import { ledgerSettingNames } from './config.js';

it('reads the settings that are documented, and no others', () => {
  expect([...ledgerSettingNames].sort()).toEqual(ownSettings('ledger'));
});
