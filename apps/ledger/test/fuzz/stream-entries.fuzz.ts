import { strict as assert } from 'node:assert';
import type { FuzzTarget } from '@exrec/testing/fuzz';
import { readEntry, type Entry } from '../../src/rows/entry.js';
import { mergeInteraction } from '../../src/rows/merge-interaction.js';
import { mergeRecording } from '../../src/rows/merge-recording.js';
import { proofChange } from '../../src/rows/proof-tuple.js';
import { TallyChanges } from '../../src/rows/tallies.js';
import {
  injectionEntry,
  interactionEntry,
  numbers,
  plantedAni,
  rawFields,
  segmentEntry,
  startMs,
} from '../sample-entries.js';

const reconciliation = {
  v: '1',
  k: 'reconciliation',
  id: 'latest',
  d: JSON.stringify({
    startedAtMs: startMs,
    finishedAtMs: startMs,
    sentence: 'all there',
    differences: [{ kind: 'audio-without-metadata', id: 'a.opus', mediaId: 'a.opus' }],
  }),
};
const line = (fields: object) => JSON.stringify({ streamId: '1772445600000-0', fields });

/** The entry that an input stands for; undefined: no stream can hold it. */
export function entryOf(input: Buffer): Entry | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(input.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof raw !== 'object' || raw === null || !('fields' in raw) || !('streamId' in raw))
    return undefined;
  const { fields, streamId } = raw;
  // Redis gives texts, and ids in one form only.
  if (typeof streamId !== 'string' || !/^\d{1,15}-\d{1,15}$/.test(streamId)) return undefined;
  if (typeof fields !== 'object' || fields === null) return undefined;
  const texts = Object.entries(fields).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  );
  const reading = readEntry({ streamId, fields: Object.fromEntries(texts) });
  if (reading.kind === 'ok') return reading.entry;
  assert.ok(reading.reason.length < 500 && !reading.reason.includes(plantedAni));
  return undefined;
}

/** Entries of the ledger's stream: set aside in words of ours, or made into rows. */
export const target: FuzzTarget = {
  name: 'stream-entries',
  corpus: [
    line(rawFields(segmentEntry(1, startMs))),
    line(rawFields(injectionEntry(1, startMs))),
    line(rawFields(interactionEntry(1, startMs))),
    line(reconciliation),
  ],
  words: [
    ...['"v"', '"k"', '"rev"', 'segment', 'injection', 'interaction', 'reconciliation', '\\"'],
    ...['startMs', 'confirmedAtMs', 'facts', 'history', 'requeues', 'sta', 'scope', 'dispatch'],
    ...['\\\\u0000', '\\u0000', '1772445600000', '8640000000000001', '-62135596800001', '1e21'],
    ...['confirmed', 'failed', 'collected', '[]', '{}', '\\"{}\\"', '\\\\ud800', '+49 171 5550110'],
  ],
  check: (input) => {
    const entry = entryOf(input);
    if (entry === undefined) return;
    proofChange(entry);
    if (entry.kind === 'reconciliation') return;
    if (entry.kind === 'interaction') {
      JSON.stringify(mergeInteraction(undefined, entry, numbers));
      return;
    }
    const row = mergeRecording(undefined, entry, numbers);
    assert.equal(mergeRecording(row, entry, numbers), row);
    const changes = new TallyChanges();
    changes.replace(undefined, row);
    JSON.stringify([row, changes.result()]);
  },
};
