import {
  bearerAuth,
  createMetrics,
  createServiceApp,
  Health,
  routes,
  silentLogger,
} from '@exrec/service-kit';
import { buildSnapshot, type StaSnapshot } from '@exrec/sta-resolver';
import { createServer, type Server } from 'node:http';
import { previewSta, type StaSettings } from '../sta-config/preview.js';
import { staRoutes } from './sta-routes.js';

const settings: StaSettings = {
  defaultLanguage: 'en-US',
  languageKey: 'language_code',
  queueMap: { VQ_Sales: 'Sales' },
};
const organization = buildSnapshot(
  {
    transcription: { transcription: 'EnabledQueueFlow' },
    queues: [
      { id: 'q-sales', name: 'Sales', enableTranscription: true },
      { id: 'q-billing', name: 'Billing', enableTranscription: false },
    ],
    settings: { defaultProgram: { id: 'p-all' } },
    mappings: [{ program: { id: 'p-sales' }, queues: [{ id: 'q-sales' }] }],
    programs: [{ id: 'p-all' }, { id: 'p-sales' }],
    dialects: [{ engine: 'Genesys', dialects: ['en-US', 'de-DE', 'fr-FR'] }],
  },
  Date.parse('2026-03-02T09:00:00.000Z'),
);
const agent = { recordedParty: 'agent' } as const;
const german = { userData: { language_code: 'de_de' } };

describe('previewSta', () => {
  it.each([
    [{ ...agent, queue: 'VQ_Sales', ...german }, 'p-sales de-DE'],
    [{ ...agent, queue: 'VQ_Sales' }, 'p-sales en-US'],
    [{ ...agent, queue: 'VQ_Sales', userData: { language_code: 'xx' } }, 'p-sales en-US'],
    [{ ...agent, queue: 'VQ_Sales', userData: { other: 'de-DE' } }, 'p-sales en-US'],
    [{ ...agent, queue: 'VQ_Sales', userData: null }, 'p-sales en-US'],
    [{ ...agent, queue: 'billing', ...german }, 'queue-transcription-disabled'],
    [{ ...agent, queue: 'VQ_Nowhere', ...german }, 'queue-unknown'],
    [{ ...agent, queue: null, ...german }, 'p-all de-DE'],
    [{ ...agent, ...german }, 'p-all de-DE'],
    [{ recordedParty: 'trunk', queue: 'VQ_Sales', ...german } as const, 'p-all en-US'],
  ])('decides %j as %s, and says by which steps', (question, expected) => {
    const decision = previewSta({ snapshot: organization, settings }, question);
    expect(
      decision.requested ? `${decision.programId} ${decision.language}` : decision.reason,
    ).toBe(expected);
    expect(decision.trail.length).toBeGreaterThan(1);
  });

  it('reads no language without a key, and has no default without one', () => {
    const bare = { ...settings, languageKey: null, defaultLanguage: null };
    const question = { ...agent, userData: { null: 'de-DE', undefined: 'de-DE' } };
    expect(previewSta({ snapshot: organization, settings: bare }, question)).toMatchObject({
      requested: false,
      reason: 'language-unsupported',
    });
  });
});

describe('POST /api/v1/sta/preview', () => {
  let server: Server;
  let url: string;
  let snapshot: StaSnapshot | null;
  beforeAll(async () => {
    const options = {
      logger: silentLogger,
      health: new Health(),
      metrics: createMetrics('excp'),
    };
    const app = createServiceApp(options, (mount) => {
      mount.use(
        routes(
          staRoutes({
            access: { atLeast: () => bearerAuth(['admin']) },
            staFacts: () => ({ snapshot, settings }),
          }),
        ),
      );
    });
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  });
  beforeEach(() => {
    snapshot = organization;
  });
  afterAll(() => server.close());

  async function ask(body: string, token = 'admin') {
    const answer = await fetch(`${url}/api/v1/sta/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
    });
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: await answer.json(),
    };
  }

  it('answers the decision, its trail and how new the configuration is', async () => {
    const { status, body } = await ask(
      JSON.stringify({ queue: 'VQ_Sales', recordedParty: 'agent', ...german }),
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      requested: true,
      programId: 'p-sales',
      language: 'de-DE',
      queue: { name: 'VQ_Sales', id: 'q-sales' },
      trail: [
        { rule: 'org-transcription-enabled', value: 'EnabledQueueFlow' },
        { rule: 'queue-found-by-map', value: 'q-sales' },
        { rule: 'queue-transcription-enabled' },
        { rule: 'mapped-program', value: 'p-sales' },
        { rule: 'user-data-language', value: 'de-DE' },
      ],
      scope: { inScope: true, rule: 'no-sync-scope' },
      programName: null,
      configurationTakenAt: '2026-03-02T09:00:00.000Z',
    });
  });

  it('says that there is no configuration yet', async () => {
    snapshot = null;
    expect((await ask('{"recordedParty":"trunk"}')).body).toMatchObject({
      requested: false,
      reason: 'configuration-unavailable',
      configurationTakenAt: null,
    });
  });

  it.each([
    ['{}', '/recordedParty'],
    ['{"recordedParty":"queue"}', '/recordedParty'],
    ['{"recordedParty":"agent","queue":7}', '/queue'],
    ['{"recordedParty":"agent","queue":""}', '/queue'],
    ['{"recordedParty":"agent","userData":[]}', '/userData'],
    ['{"recordedParty":"agent","queu":"x"}', '/queu'],
    ['[]', ''],
    ['{"recordedParty":', undefined],
    [`{"recordedParty":"agent","userData":{"a":${'['.repeat(99)}${']'.repeat(99)}}}`, undefined],
  ])('refuses %s as a problem', async (question, pointer) => {
    const { status, type, body } = await ask(question);
    expect(status).toBe(400);
    expect(type).toContain('application/problem+json');
    const pointers = pointer === undefined ? undefined : [expect.objectContaining({ pointer })];
    expect(body).toEqual(
      expect.objectContaining(pointers ? { errors: pointers } : { status: 400 }),
    );
  });

  it('is for administrators only, and for short questions', async () => {
    expect((await ask('{"recordedParty":"agent"}', 'somebody')).status).toBe(401);
    expect((await ask(`{"queue":"${'x'.repeat(70_000)}"}`)).status).toBe(413);
  });
});
