import type { OutboxEntry } from './ledger-entry.js';

/*
 * The outbox: what the ledger shall know is written to a stream by the very script that changes it (docs/design/CONTRACTS.md#11-ledger (1)).
 * The stream's own ids are the revisions: Redis gives out none that is not above all before it, whatever its clock does.
 * Fields of an entry: v (version), k (kind), id (of the subject), d (JSON of all that is known of the subject).
 */

/** @param prefix `keyspace()` of the settings */
export function ledgerStreamKey(prefix: string): string {
  return `${prefix}:ledger`;
}

/** Keys that a script gets at the end of its own: the stream with the ledger on, nothing without it. */
export function outboxKeys(prefix: string, ledger: 'on' | 'off'): readonly string[] {
  return ledger === 'on' ? [ledgerStreamKey(prefix)] : [];
}

/** Three arguments for each entry. */
export function outboxArguments(entries: readonly OutboxEntry[]): string[] {
  return entries.flatMap(({ kind, id, data }) => [kind, id, JSON.stringify(data)]);
}
