import { fuzzBriefly } from '@exrec/testing/fuzz';
import { sqlState } from '../../src/database/connect.js';
import type { Entry } from '../../src/rows/entry.js';
import { writeEntries } from '../../src/rows/row-writer.js';
import { startLedgerDatabase } from '../ledger-database.js';
import { numbers } from '../sample-entries.js';
import { entryOf, target } from './stream-entries.fuzz.js';

it('any entry of the stream is read as promised', () => fuzzBriefly(target));

it('what can be read can be written, or PostgreSQL says what is wrong with its data', async () => {
  const entries: Entry[] = [];
  const check = (input: Buffer) => {
    const entry = entryOf(input);
    if (entry !== undefined) entries.push(entry);
  };
  await fuzzBriefly({ ...target, check }, 1_000);
  expect(entries.length).toBeGreaterThan(50);
  const ledger = await startLedgerDatabase();
  let written = 0;
  for (const entry of entries) {
    try {
      await writeEntries(ledger.db, [entry], numbers);
      written += 1;
    } catch (error) {
      // docs/design/CONTRACTS.md#11-ledger: such an entry is set aside, and the others go on.
      expect(sqlState(error)).toMatch(/^(22|23|54)/);
    }
  }
  expect(written).toBeGreaterThan(50);
  await ledger.stop();
});
