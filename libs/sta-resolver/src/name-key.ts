/** Names are the same when their keys are: in one form of Unicode, without blanks around, case-insensitive (docs/design/CONTRACTS.md#5-sta-rules (6)). */
export function nameKey(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}
