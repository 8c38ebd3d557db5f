import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGcSimulator, type GcSimulator } from '@exrec/simulator';
import { waitFor } from '@exrec/testing';
import { ExcpStack } from './excp-stack.js';
import { mediaFile, newCallUUID, queueCallEvents } from './sample-call.js';

const dir = mkdtempSync(join(tmpdir(), 'exrec-sta-'));
const file = join(dir, 'hybrid-integration.yaml');

function writeFile(defaultLanguage: string): void {
  const text = `hybrid_integration:
  sta_default_language: ${defaultLanguage}
  sta_userdata_language_key: language_code
queue_map: {VQ_TechSupport: "Tech Support", VQ_Sales: "Sales", VQ_Billing: "Billing"}
agent_map: {agent7105: "agent7105@example.com"}
`;
  writeFileSync(file, text);
}

let gc: GcSimulator;
let stack: ExcpStack;
beforeAll(async () => {
  writeFile('en-US');
  gc = await startGcSimulator();
  stack = await ExcpStack.start({
    GC_API_URL: gc.url,
    GC_LOGIN_URL: gc.url,
    GC_CLIENT_ID: gc.clientId,
    GC_CLIENT_SECRET: gc.clientSecret,
    HYBRID_INTEGRATION_FILE: file,
  });
  await waitFor('the configuration', async () => {
    const { data } = await stack.get('/api/v1/configuration');
    return data.genesysCloud.lastPull?.ok === true;
  });
});
afterAll(async () => {
  await stack.stop();
  await gc.stop();
  rmSync(dir, { recursive: true });
});

/** The same call with its times moved so that the agent answered at `answeredAtMs`. */
function answeredAt(events: ReturnType<typeof queueCallEvents>, answeredAtMs: number) {
  const established = events.find(({ event }) => event === 'EventCallPartyState');
  const shiftMs = answeredAtMs - Date.parse(established!.time);
  return events.map((event) => ({
    ...event,
    time: new Date(Date.parse(event.time) + shiftMs).toISOString(),
  }));
}

/** Plays one call through a queue, and gives what EXRP was asked to do with its recording. */
async function play(queue: string, language: string | null, answeredAtMs: number) {
  const callUUID = newCallUUID();
  const events = answeredAt(queueCallEvents(callUUID, '7105', queue), answeredAtMs).map((event) =>
    event.event === 'EventCallDataChanged'
      ? { ...event, userData: { language_code: language } }
      : event,
  );
  const times = {
    startTime: new Date(answeredAtMs).toISOString(),
    stopTime: new Date(answeredAtMs + 60_000).toISOString(),
  };
  // A call whose segment comes first may end before its events are there, on a slow machine.
  await stack.postEvents(events);
  await stack.postMetadata(mediaFile(callUUID, 'a', times));
  const injection = await waitFor('the injection', () =>
    stack.exrp.received.find(({ audioFile }) => audioFile.startsWith(callUUID)),
  );
  return { callUUID, metadata: injection.metadata };
}

describe('a recording', () => {
  it('gets the program of its queue, the language its agent found, and the GC user of its agent', async () => {
    const { callUUID, metadata } = await play('VQ_TechSupport', 'de_de', Date.now());
    expect(metadata.speechAndTextAnalytics).toMatchObject({ requested: true, language: 'de-DE' });
    expect(metadata.queue).toMatchObject({
      name: 'VQ_TechSupport',
      id: expect.stringContaining('-'),
    });
    expect(metadata.agent?.userId).toMatch(/^[0-9a-f-]{36}$/);
    const { segments } = await stack.interaction(callUUID);
    expect(JSON.stringify(segments[0]?.sta)).toContain('queue-found-by-map');
  });

  it('gets the default language when GC does not transcribe the one of the call', async () => {
    const { metadata } = await play('VQ_Sales', 'xx-XX', Date.now());
    expect(metadata.speechAndTextAnalytics).toMatchObject({ requested: true, language: 'en-US' });
  });

  it('of a queue with transcription off is not analysed, and says so', async () => {
    const { metadata } = await play('VQ_Billing', 'de-DE', Date.now());
    expect(metadata.speechAndTextAnalytics).toEqual({
      requested: false,
      reason: 'queue-transcription-disabled',
    });
  });

  it('keeps the default language under which its agent answered, when that changes later', async () => {
    const before = Date.now();
    writeFile('fr-FR');
    await waitFor('the change', async () => {
      const { data } = await stack.get('/api/v1/configuration');
      return data.rules.defaultLanguage === 'fr-FR';
    });
    // The change is in the history a moment after it is in force.
    await waitFor('the change to be noted', () =>
      stack.excp.output().includes('"defaultLanguage":"fr-FR"'),
    );
    const early = await play('VQ_Sales', null, before);
    const late = await play('VQ_Sales', null, Date.now());
    expect(early.metadata.speechAndTextAnalytics).toMatchObject({ language: 'en-US' });
    expect(late.metadata.speechAndTextAnalytics).toMatchObject({ language: 'fr-FR' });
  });
});

describe('POST /api/v1/sta/preview', () => {
  it('tells an administrator what a call would get, and why', async () => {
    const question = {
      queue: 'VQ_TechSupport',
      userData: { language_code: 'de-DE' },
      recordedParty: 'agent',
    };
    const { status, data } = await stack.preview(question);
    expect(status).toBe(200);
    expect(data).toMatchObject({ requested: true, language: 'de-DE' });
    expect(data.trail.length).toBeGreaterThan(2);
  });

  it.each([
    [{ recordedParty: 'agent', queue: 'VQ_Unknown' }, 'queue-unknown'],
    [{ recordedParty: 'agent', queue: 'VQ_Billing' }, 'queue-transcription-disabled'],
  ])('%j is not analysed: %s', async (question, reason) => {
    expect((await stack.preview(question)).data).toMatchObject({ requested: false, reason });
  });

  it('refuses a question that is none, and anybody without the admin token', async () => {
    expect((await stack.preview({ recordedParty: 'nobody' })).status).toBe(400);
    expect((await stack.preview({ recordedParty: 'agent' }, 'other')).status).toBe(401);
  });
});
