import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STA_REASONS, type RecordedParty } from '@exrec/gc-metadata';
import { buildSnapshot, decideSta, parseSnapshot, serializeSnapshot } from './index.js';

type Row = Readonly<Record<string, string>>;

const document = readFileSync(join(__dirname, '../cases.md'), 'utf8');

/** The rows of the table whose first column is headed `key`; headings inside a table are left out. */
function table(key: string): readonly Row[] {
  const lines = document.split('\n');
  const start = lines.findIndex((line) => line.split('|')[1]?.trim() === key);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const [head = [], , ...body] = lines.slice(start, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return body
    .filter((cells) => !cells[0]?.startsWith('**'))
    .map((cells) => Object.fromEntries(head.map((name, column) => [name, cells[column] ?? ''])));
}

/** A cell, which must be there; a dash means nothing. */
const cellOf = (row: Row, column: string) => {
  const cell = row[column];
  if (!cell) throw new Error(`empty or missing "${column}" in ${JSON.stringify(row)}`);
  return cell === '–' ? null : cell;
};

const TRANSCRIPTION: Row = {
  off: 'Disabled',
  globally: 'EnabledGlobally',
  'by queue': 'EnabledQueueFlow',
};

const queues = table('id');
const programs = table('program').map((row) => ({
  id: cellOf(row, 'program') ?? '',
  published: row.published === 'yes',
}));
const queueMap = Object.fromEntries(
  table('Engage queue').map((row) => [row['Engage queue'], row['GC queue'] ?? '']),
);
const spoken = /^Languages GC supports: (.*)$/m.exec(document)?.[1]?.split(', ') ?? [];
const cases = table('case').map((row) => ({ ...row, name: row.case ?? '' }));

function snapshotOf(row: Row) {
  if (row.organisation === 'no configuration') return null;
  const transcription = TRANSCRIPTION[row.organisation ?? ''];
  if (!transcription) throw new Error(`unknown organisation setting: ${JSON.stringify(row)}`);
  const defaultProgram = cellOf(row, 'default program');
  const snapshot = buildSnapshot(
    {
      transcription: { transcription },
      queues: queues.map((queue) => ({
        id: queue.id ?? '',
        name: queue.name ?? '',
        enableTranscription: queue.transcription === 'on',
      })),
      settings: { defaultProgram: defaultProgram ? { id: defaultProgram } : null },
      mappings: programs.map((program) => ({
        program,
        queues: queues
          .filter((queue) => queue.program === program.id)
          .map((queue) => ({ id: queue.id ?? '' })),
      })),
      programs,
      dialects: [
        { engine: 'GenesysExtended', dialects: ['sv-SE'] },
        { engine: 'Genesys', dialects: spoken },
      ],
    },
    0,
  );
  return parseSnapshot(serializeSnapshot(snapshot));
}

function decide(row: Row) {
  const recordedParty: RecordedParty = row.recorded === 'trunk' ? 'trunk' : 'agent';
  const queue = cellOf(row, 'queue');
  return decideSta({
    snapshot: snapshotOf(row),
    recordedParty,
    queue: queue ? { name: queue } : null,
    queueMap,
    userDataLanguage: cellOf(row, 'attached data'),
    staDefaultLanguage: cellOf(row, 'default language'),
  });
}

describe('cases.md', () => {
  it.each(cases)('$name', (row) => {
    const decision = decide(row);
    expect({
      STA: decision.requested ? 'yes' : decision.reason,
      program: decision.requested ? decision.programId : null,
      language: decision.requested ? decision.language : null,
      'GC queue': decision.queue?.id ?? null,
    }).toEqual({
      STA: cellOf(row, 'STA'),
      program: cellOf(row, 'program'),
      language: cellOf(row, 'language'),
      'GC queue': cellOf(row, 'GC queue'),
    });
  });

  it('shows every reason, and calls no two cases the same', () => {
    const results = new Set(cases.map((row) => cellOf(row, 'STA')));
    expect([...results].sort()).toEqual([...STA_REASONS, 'yes'].sort());
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
});
