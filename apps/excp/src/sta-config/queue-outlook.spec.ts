import { buildSnapshot } from '@exrec/sta-resolver';
import { previewSta } from './preview.js';
import { queueOutlooks } from './queue-outlook.js';

const settings = {
  defaultLanguage: 'en-US',
  languageKey: 'language_code',
  queueMap: { VQ_Sales: 'Sales' },
  syncScope: { agents: ['agent71*'], dns: [], queues: ['VQ_Sales'] },
};
const snapshot = buildSnapshot(
  {
    transcription: { transcription: 'EnabledQueueFlow' },
    queues: [
      { id: 'q-sales', name: 'Sales', enableTranscription: true },
      { id: 'q-billing', name: 'VQ_Billing', enableTranscription: false },
    ],
    settings: { defaultProgram: { id: 'p-all' } },
    mappings: [{ program: { id: 'p-sales' }, queues: [{ id: 'q-sales' }] }],
    programs: [
      { id: 'p-all', name: 'All' },
      { id: 'p-sales', name: 'Sales quality' },
    ],
    dialects: [{ engine: 'Genesys', dialects: ['en-US', 'de-DE'] }],
  },
  Date.parse('2026-03-02T09:00:00.000Z'),
);
const facts = { snapshot, settings };

it('shows of each queue whether it exists, is transcribed, and how', () => {
  expect(queueOutlooks(facts, ['VQ_Sales', 'VQ_Billing', 'VQ_Old'])).toEqual([
    {
      queue: 'VQ_Sales',
      gcQueue: { id: 'q-sales', name: 'Sales' },
      transcription: true,
      program: { id: 'p-sales', name: 'Sales quality' },
      language: 'en-US',
      reason: null,
    },
    {
      queue: 'VQ_Billing',
      gcQueue: { id: 'q-billing', name: 'VQ_Billing' },
      transcription: false,
      program: { id: 'p-all', name: 'All' },
      language: null,
      reason: 'queue-transcription-disabled',
    },
    {
      queue: 'VQ_Old',
      gcQueue: null,
      transcription: null,
      program: { id: 'p-all', name: 'All' },
      language: null,
      reason: 'queue-unknown',
    },
  ]);
});

it('has no answer but why before the first configuration', () => {
  expect(queueOutlooks({ snapshot: null, settings }, ['VQ_Sales'])).toMatchObject([
    { gcQueue: null, transcription: null, program: null, reason: 'configuration-unavailable' },
  ]);
});

it.each([
  [{ agent: 'agent7105', queue: 'VQ_Billing' }, 'agents:agent71*'],
  [{ agent: 'other', queue: 'VQ_Sales' }, 'queues:VQ_Sales'],
  [{ agent: 'other' }, 'no-rule-matches'],
])('says by which rule %j is in scope', (question, rule) => {
  const { scope } = previewSta(facts, { ...question, recordedParty: 'agent' });
  expect(scope.rule).toBe(rule);
});

it('calls the program by its name', () => {
  const question = { queue: 'VQ_Sales', recordedParty: 'agent' } as const;
  expect(previewSta(facts, question).programName).toBe('Sales quality');
});
