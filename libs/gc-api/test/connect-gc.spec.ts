import { createMetrics, type Logger, type Metrics } from '@exrec/service-kit';
import { ownRedis } from '@exrec/service-kit/testing';
import { connectGc, type GcApi, type GcSettings, type GcStanding } from '../src/index.js';
import { startScriptedGc, type ScriptedGc } from './scripted-gc.js';

const redis = ownRedis();
let gc: ScriptedGc;
let metrics: Metrics;
let events: { readonly level: string; readonly event: string }[];
let api: GcApi & GcStanding;
let secret: string;

const record = (level: string) => (event: string) => void events.push({ level, event });
const logger: Logger = {
  debug: () => undefined,
  info: record('info'),
  warn: record('warn'),
  error: record('error'),
  child: () => logger,
};
beforeEach(async () => {
  gc = await startScriptedGc();
  metrics = createMetrics('test');
  events = [];
  const settings: GcSettings = {
    REDIS_KEY_PREFIX: 'exrec',
    GC_REGION: undefined,
    GC_API_URL: gc.url,
    GC_LOGIN_URL: gc.url,
    GC_CLIENT_ID: 'client-a',
    GC_CLIENT_SECRET: 'secret-a',
    GC_CLIENTS_FILE: undefined,
    GC_REQUESTS_PER_MINUTE: 60_000,
    HTTPS_PROXY: undefined,
    NO_PROXY: undefined,
  };
  secret = 'secret-a';
  api = connectGc({
    ...{ settings, redis: redis(), logger, metrics },
    secrets: { current: () => secret },
  });
});
afterEach(async () => {
  api.close();
  await gc.stop();
});

async function metric(name: string): Promise<string | undefined> {
  const lines = (await metrics.registry.metrics()).split('\n');
  return lines
    .find((line) => line.startsWith(name))
    ?.split(' ')
    .at(-1);
}

const answer = (offsetMs: number) => () => ({
  headers: { date: new Date(Date.now() + offsetMs).toUTCString() },
  body: { transcription: 'Disabled' },
});
const loginAnswer = (offsetMs: number) => () => ({
  headers: { date: new Date(Date.now() + offsetMs).toUTCString() },
  body: { access_token: 'token', expires_in: 600 },
});

describe('connectGc', () => {
  it('measures every call by its endpoint', async () => {
    gc.api = answer(0);
    await api.transcriptionSettings();
    const text = await metrics.registry.metrics();
    expect(text).toContain('endpoint="POST /oauth/token",status="200"');
    expect(text).toContain('endpoint="GET /api/v2/routing/settings/transcription",status="200"');
  });

  it('counts a client that Genesys Cloud refuses, and logs an error about it', async () => {
    gc.login = () => ({ status: 400, body: { error: 'invalid_client' } });
    await expect(api.transcriptionSettings()).rejects.toMatchObject({ code: 'gc-unauthorized' });
    expect(await metric('exrec_gc_client_refused_total')).toBe('1');
    expect(events).toContainEqual({ level: 'error', event: 'gc.client-refused' });
    expect(api.check()).toEqual({ degraded: '1 of 1 OAuth clients are refused' });
  });

  it('tries a client that was refused again at once when its secret has changed', async () => {
    gc.login = ({ headers }) =>
      headers.authorization === `Basic ${Buffer.from('client-a:secret-b').toString('base64')}`
        ? { body: { access_token: 'token', expires_in: 600 } }
        : { status: 400, body: { error: 'invalid_client' } };
    gc.api = answer(0);
    await expect(api.transcriptionSettings()).rejects.toMatchObject({ code: 'gc-unauthorized' });
    await expect(api.transcriptionSettings()).rejects.toMatchObject({ code: 'gc-unauthorized' });
    expect(gc.tokenRequests).toHaveLength(1);
    secret = 'secret-b';
    await api.transcriptionSettings();
    expect(api.check()).toBeUndefined();
  });

  it('logs an error about a missing permission once until it is given, and counts every 403', async () => {
    const forbidden = { level: 'error', event: 'gc.forbidden' };
    gc.api = () => ({ status: 403, body: { code: 'missing.permissions' } });
    for (let turn = 0; turn < 2; turn += 1)
      await expect(api.transcriptionSettings()).rejects.toMatchObject({ code: 'gc-unauthorized' });
    expect(events).toEqual([forbidden]);
    expect(await metrics.registry.metrics()).toMatch(
      /^exrec_gc_request_seconds_count\{.*transcription",status="403".*\} 2$/m,
    );
    // Another endpoint has its own permission; the client is in use for both.
    await expect(api.dialects()).rejects.toMatchObject({ code: 'gc-unauthorized' });
    expect(events).toEqual([forbidden, forbidden]);
    expect(api.check()?.degraded).toBe(
      'a permission is denied for GET /api/v2/routing/settings/transcription, ' +
        'GET /api/v2/speechandtextanalytics/programs/transcriptionengines/dialects',
    );
    gc.api = answer(0);
    await api.transcriptionSettings();
    gc.api = () => ({ status: 403 });
    await expect(api.transcriptionSettings()).rejects.toMatchObject({ code: 'gc-unauthorized' });
    expect(events).toEqual([forbidden, forbidden, forbidden]);
  });

  it.each([10, -10])('warns once when the clocks are %d min apart', async (minutes) => {
    const offsetMs = minutes * 60_000;
    [gc.login, gc.api] = [loginAnswer(offsetMs), answer(offsetMs)];
    await api.transcriptionSettings();
    await api.transcriptionSettings();
    const ahead = Number(await metric('exrec_gc_clock_ahead_seconds'));
    expect(Math.abs(ahead - minutes * 60)).toBeLessThan(10);
    expect(events).toEqual([{ level: 'warn', event: 'clock.off' }]);
    gc.api = answer(0);
    await api.transcriptionSettings();
    expect(events.at(-1)).toEqual({ level: 'info', event: 'clock.in-step' });
  });
});
