export type Replaced = 'exrp' | 'ledger' | 'excp';

/** All instances of a service are replaced, one after the other. */
export type UpgradeStep = { readonly kind: Replaced; readonly release: 'former' | 'present' };

/**
 * From the release before to the present one and back, in the order of docs/operate/upgrade.md: EXRP first and EXCP
 * last, and back the other way round. At last the ledgers are of the present release once more: the former ones may have
 * met tables that they do not know.
 */
export function upgradeSteps(hasLedger: boolean): {
  readonly there: readonly UpgradeStep[];
  readonly back: readonly UpgradeStep[];
  readonly again: readonly UpgradeStep[];
} {
  const present = (kind: Replaced): UpgradeStep => ({ kind, release: 'present' });
  const former = (kind: Replaced): UpgradeStep => ({ kind, release: 'former' });
  const there: readonly Replaced[] = hasLedger ? ['exrp', 'ledger', 'excp'] : ['exrp', 'excp'];
  return {
    there: there.map(present),
    back: there.toReversed().map(former),
    again: hasLedger ? [present('ledger')] : [],
  };
}
