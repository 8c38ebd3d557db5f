import { createHash } from 'node:crypto';
import { gcOptionsFromEnv } from '../../src/config/gc-options-from-env.js';
import { defaultGcConfiguration, startGcSimulator, type GcSimulator } from '../../src/gc/index.js';
import { call, logIn, upload } from './gc-client.js';
import { sampleRecording, type Json } from './sample-recording.js';

let simulator: GcSimulator;
beforeAll(async () => {
  simulator = await startGcSimulator({ olderKeys: 0 });
});
afterAll(() => simulator.stop());

const check = (path: string) => call(`${simulator.url}/simulator${path}`);
const put = (path: string, body: Json) =>
  call(`${simulator.url}/simulator${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('the control side over HTTP', () => {
  it('shows recordings with their verdict, one of them, and its bytes', async () => {
    const { recordingId, fileName, zip, metadata, audio } = await sampleRecording(
      simulator.currentKey(),
    );
    await upload(simulator, fileName, zip);
    const { json } = await check('/recordings?settled=true');
    const sha256 = createHash('sha256').update(audio).digest('hex');
    const item = {
      fileName,
      recordingId,
      sizeBytes: zip.length,
      uploads: 1,
      verdict: { ok: true, problems: [] },
      metadata,
    };
    expect(json.items).toMatchObject([{ ...item, audio: { sizeBytes: audio.length, sha256 } }]);
    expect((await check(`/recordings/${recordingId}`)).json).toMatchObject(item);
    const bytes = await (
      await fetch(`${simulator.url}/simulator/recordings/${recordingId}/zip`)
    ).arrayBuffer();
    expect(Buffer.from(bytes).equals(zip)).toBe(true);
    expect((await check('/recordings/unknown')).status).toBe(404);
    expect(
      (await put('/expectations', [{ recording: recordingId, sha256: '0'.repeat(64) }])).status,
    ).toBe(204);
    expect((await check(`/recordings/${recordingId}`)).json.verdict.ok).toBe(false);
  });

  it('takes a configuration whole or not at all', async () => {
    expect((await check('/configuration')).json).toEqual(defaultGcConfiguration);
    expect((await put('/configuration', { transcription: 'Disabled' })).status).toBe(400);
    await put('/configuration', { ...defaultGcConfiguration, transcription: 'Disabled' });
    const { json } = await (await logIn(simulator))('/api/v2/routing/settings/transcription');
    expect(json.transcription).toBe('Disabled');
    await put('/configuration', defaultGcConfiguration);
  });

  it('counts requests by endpoint and status, without their queries and header values', async () => {
    await call(`${simulator.url}/simulator/requests`, { method: 'DELETE' });
    await (
      await logIn(simulator)
    )('/api/v2/routing/queues?name=secret');
    const { json, text } = await check('/requests');
    expect(json.counts).toEqual({ 'oauth.token': { 200: 1 }, 'gc.queues': { 200: 1 } });
    expect(json.recent[1]).toMatchObject({
      method: 'GET',
      path: '/api/v2/routing/queues',
      status: 200,
    });
    expect(json.recent[1].headerNames).toContain('authorization');
    expect(text).not.toMatch(/secret|Bearer/);
  });
});

describe('options by environment', () => {
  it('default to the documented port and a verifying simulator', () => {
    expect(gcOptionsFromEnv({})).toMatchObject({
      port: 3690,
      verify: true,
      keyForm: 'openpgp-armored',
    });
  });

  it.each([
    { SIMULATOR_PORT: 'x' },
    { SIMULATOR_VERIFY: 'perhaps' },
    { SIMULATOR_KEY_FORM: 'rot13' },
  ])('refuse %j', (env) => {
    expect(() => gcOptionsFromEnv(env)).toThrow(Object.keys(env)[0]);
  });
});

it('keeps no body when told so, and still checks it', async () => {
  const light = await startGcSimulator({ olderKeys: 0, keepObjects: false });
  try {
    expect((await upload(light, 'a.zip', Buffer.from('body'))).status).toBe(200);
    expect(light.recordings()).toMatchObject([{ fileName: 'a.zip', sizeBytes: 4, verdict: null }]);
  } finally {
    await light.stop();
  }
});
