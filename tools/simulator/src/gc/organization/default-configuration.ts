import type { GcConfiguration } from './configuration.js';

/** Ids of the sample organization, by what they name. */
export const sampleIds = {
  queues: {
    techSupport: '12345678-90ab-4cde-8f01-23456789abcd',
    sales: '22345678-90ab-4cde-8f01-23456789abcd',
    billing: '32345678-90ab-4cde-8f01-23456789abcd',
  },
  programs: {
    techSupport: 'fedcba98-7654-4321-8fed-cba987654321',
    sales: 'edcba987-6543-4210-8edc-ba9876543210',
    everything: 'dcba9876-5432-4109-8dcb-a98765432109',
    draft: 'cba98765-4321-4098-8cba-987654321098',
  },
  users: {
    agent7105: '0c1d2e3f-4a5b-4c6d-8e7f-901a2b3c7105',
    agent7106: '0c1d2e3f-4a5b-4c6d-8e7f-901a2b3c7106',
    agent7107: '0c1d2e3f-4a5b-4c6d-8e7f-901a2b3c7107',
    agent7201: '0c1d2e3f-4a5b-4c6d-8e7f-901a2b3c7201',
  },
} as const;

const { queues, programs, users } = sampleIds;

/**
 * The organization the sample calls belong to: Engage's VQ_TechSupport, VQ_Sales and VQ_Billing are
 * "Tech Support", "Sales" and "Billing" here. Billing has transcription off; Sales' draft program is not published.
 */
export const defaultGcConfiguration: GcConfiguration = {
  transcription: 'EnabledQueueFlow',
  queues: [
    { id: queues.techSupport, name: 'Tech Support', enableTranscription: true },
    { id: queues.sales, name: 'Sales', enableTranscription: true },
    { id: queues.billing, name: 'Billing', enableTranscription: false },
  ],
  programs: [
    { id: programs.techSupport, name: 'Tech support quality', published: true },
    { id: programs.sales, name: 'Sales quality', published: true },
    { id: programs.everything, name: 'All calls', published: true },
    { id: programs.draft, name: 'Draft', published: false },
  ],
  mappings: [
    { programId: programs.techSupport, queueIds: [queues.techSupport] },
    { programId: programs.sales, queueIds: [queues.sales] },
    { programId: programs.draft, queueIds: [] },
  ],
  defaultProgramId: programs.everything,
  dialects: [
    {
      engine: 'Genesys',
      dialects: [
        'en-US',
        'en-GB',
        'de-DE',
        'fr-FR',
        'fr-CA',
        'es-ES',
        'es-US',
        'it-IT',
        'nl-NL',
        'pt-BR',
        'ja-JP',
      ],
    },
    { engine: 'GenesysExtended', dialects: ['sv-SE', 'fi-FI', 'zu-ZA'] },
  ],
  users: [
    { id: users.agent7105, name: 'Ada Agent', email: 'agent7105@example.com', state: 'active' },
    { id: users.agent7106, name: 'Ben Agent', email: 'agent7106@example.com', state: 'active' },
    { id: users.agent7107, name: 'Cleo Agent', email: 'agent7107@example.com', state: 'active' },
    { id: users.agent7201, name: 'Dora Agent', email: 'agent7201@example.com', state: 'active' },
  ],
};
