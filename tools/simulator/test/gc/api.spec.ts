import { startGcSimulator, type GcSimulator } from '../../src/gc/index.js';
import { call, grant, logIn } from './gc-client.js';

let simulator: GcSimulator;
let api: Awaited<ReturnType<typeof logIn>>;
beforeAll(async () => {
  simulator = await startGcSimulator({ olderKeys: 0 });
});
beforeEach(async () => {
  api = await logIn(simulator);
});
afterEach(() => simulator.faults.clear());
afterAll(() => simulator.stop());

const settingsPath = '/api/v2/routing/settings/transcription';

describe('OAuth', () => {
  it.each([
    ['a wrong secret', 'invalid_client', () => grant(simulator, 'wrong')],
    [
      'another grant',
      'unsupported_grant_type',
      () => grant(simulator, simulator.clientSecret, 'grant_type=password'),
    ],
    [
      'no credentials',
      'invalid_client',
      () => call(`${simulator.url}/oauth/token`, { method: 'POST' }),
    ],
  ])('refuses %s with 400 %s', async (_name, error, attempt) => {
    expect(await attempt()).toMatchObject({ status: 400, json: { error } });
  });

  it('grants a bearer token that expires', async () => {
    const { json } = await grant(simulator);
    expect(json).toMatchObject({ token_type: 'bearer', expires_in: 86_400 });
    expect((await api(settingsPath)).status).toBe(200);
    await simulator.faults.order({ target: 'clock', offsetMs: 86_400_000 });
    expect(await api(settingsPath)).toMatchObject({
      status: 401,
      json: { code: 'bad.credentials' },
    });
  });

  it('refuses every old token after a revocation, and takes a new one', async () => {
    await simulator.faults.order({ target: 'tokens', action: 'revoke' });
    expect((await api(settingsPath)).status).toBe(401);
    expect((await (await logIn(simulator))(settingsPath)).status).toBe(200);
  });

  it('refuses calls without a token', async () => {
    expect(await call(simulator.url + settingsPath)).toMatchObject({
      status: 401,
      json: { code: 'authentication.required' },
    });
  });
});

describe('the gate', () => {
  it('names the missing permission', async () => {
    await simulator.faults.order({ target: 'permissions', denied: ['routing:queue:view'] });
    const answer = await api('/api/v2/routing/queues');
    expect(answer).toMatchObject({
      status: 403,
      json: { code: 'missing.any.permissions', details: [], errors: [] },
    });
    expect(answer.json.message).toContain('routing:queue:view');
    expect((await api(settingsPath)).status).toBe(200);
  });

  it('limits each client per minute, says where it stands, and when to come again', async () => {
    await simulator.faults.order({ target: 'rate-limit', requestsPerMinute: 2 });
    const first = await api(settingsPath);
    expect(first.headers.get('inin-ratelimit-allowed')).toBe('2');
    expect(first.headers.get('inin-ratelimit-count')).toBe('1');
    await api(settingsPath);
    const third = await api(settingsPath);
    expect(third).toMatchObject({
      status: 429,
      json: { code: 'too.many.requests.retry.after', status: 429 },
    });
    expect(third.headers.get('inin-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    const seconds = Number(third.headers.get('retry-after'));
    expect(third.json.message).toContain(`[${seconds}] seconds`);
    await simulator.faults.order({ target: 'clock', offsetMs: seconds * 1_000 });
    expect((await api(settingsPath)).status).toBe(200);
  });

  it('refuses bodies above 512000 bytes, other types, and what is no JSON', async () => {
    expect(await api('/api/v2/events/conversations', { x: 'y'.repeat(512_000) })).toMatchObject({
      status: 413,
    });
    const headers = {
      authorization: `Bearer ${String((await grant(simulator)).json.access_token)}`,
    };
    const url = `${simulator.url}/api/v2/recording/uploads/reports`;
    expect((await call(url, { method: 'POST', headers, body: '{}' })).status).toBe(415);
    const json = { ...headers, 'content-type': 'application/json' };
    expect((await call(url, { method: 'POST', headers: json, body: '{' })).status).toBe(400);
  });

  it('answers 404 in the error model where nothing is', async () => {
    expect(await api('/api/v2/nowhere')).toMatchObject({
      status: 404,
      json: { status: 404, details: [], errors: [] },
    });
  });
});

describe('ordered faults', () => {
  const order = (fault: object) =>
    call(`${simulator.url}/simulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });

  it.each([400, 401, 403, 404, 409, 429, 500, 502, 503, 504])(
    'answers %i in the error model, twice, then no more',
    async (status) => {
      expect((await order({ target: 'gc.transcription', status, times: 2 })).status).toBe(204);
      for (let time = 0; time < 2; time += 1) {
        const answer = await api(settingsPath);
        expect(answer).toMatchObject({ status, json: { status } });
        expect(answer.headers.has('retry-after')).toBe(false);
      }
      expect((await api(settingsPath)).status).toBe(200);
    },
  );

  it('adds Retry-After only when it is told', async () => {
    await order({ target: 'gc', status: 429, retryAfterSeconds: 17 });
    const answer = await api(settingsPath);
    expect(answer.headers.get('retry-after')).toBe('17');
    expect(answer.json.message).toContain('[17] seconds');
  });

  it.each([
    [
      'malformedJson',
      'application/json',
      (text: string) => expect(() => void JSON.parse(text)).toThrow(),
    ],
    ['html', 'text/html', (text: string) => expect(text).toContain('<!DOCTYPE html>')],
  ] as const)('answers 200 with %s', async (kind, type, check) => {
    await order({ target: 'gc.transcription', kind });
    const answer = await api(settingsPath);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    check(answer.text);
  });

  it('leaves fields out', async () => {
    await order({ target: 'gc.uploads', kind: 'omit', fields: ['url'] });
    const body = { fileName: 'a.zip', contentMd5: Buffer.alloc(16).toString('base64') };
    expect(Object.keys((await api('/api/v2/uploads/recordings', body)).json)).toEqual([
      'uploadKey',
      'headers',
    ]);
  });

  it('meets only its subject, and lets some through first', async () => {
    await order({ target: 'gc.uploads', status: 500, subject: 'b.zip', skip: 1 });
    const ask = async (fileName: string) =>
      (
        await api('/api/v2/uploads/recordings', {
          fileName,
          contentMd5: Buffer.alloc(16).toString('base64'),
        })
      ).status;
    expect([
      await ask('a.zip'),
      await ask('b.zip'),
      await ask('a.zip'),
      await ask('b.zip'),
    ]).toEqual([200, 200, 200, 500]);
  });

  it('stalls until it is cleared away with its connection', async () => {
    await order({ target: 'gc.transcription', kind: 'stall' });
    const { json } = await grant(simulator);
    const headers = { authorization: `Bearer ${String(json.access_token)}` };
    await expect(
      call(simulator.url + settingsPath, { headers, signal: AbortSignal.timeout(200) }),
    ).rejects.toThrow(/timeout/i);
  });

  it('refuses the client at the login', async () => {
    await order({ target: 'oauth.token', status: 400 });
    expect(await grant(simulator)).toMatchObject({
      status: 400,
      json: { error: 'invalid_client' },
    });
  });

  it.each([
    ['a target that is none', { target: 'gc.uplods', status: 500 }],
    ['a kind that is none', { target: 'gc.uploads', kind: 'explode' }],
    ['no status', { target: 'gc.uploads' }],
    ['an S3 fault at an API call', { target: 'gc.uploads', kind: 'slowDown' }],
    ['a fault of the URL elsewhere', { target: 's3.put', kind: 'location' }],
    ['a key action that is none', { target: 'keys', action: 'steal' }],
  ])('are refused for %s', async (_name, fault) => {
    expect((await order(fault)).status).toBe(400);
  });

  it('are listed and cleared over HTTP', async () => {
    const url = `${simulator.url}/simulator/faults`;
    await order({ target: '*', status: 503, times: 0 });
    expect((await call(url)).json.items).toMatchObject([{ target: '*', status: 503, times: 0 }]);
    expect((await api(settingsPath)).status).toBe(503);
    await call(url, { method: 'DELETE' });
    expect((await api(settingsPath)).status).toBe(200);
  });
});

describe('paging', () => {
  const uuidOf = (index: number) => `00000000-0000-4000-8000-${index.toString().padStart(12, '0')}`;

  it('holds ten thousand queues by page number', async () => {
    const before = simulator.configuration();
    const queues = Array.from({ length: 10_000 }, (_, index) => ({
      id: uuidOf(index),
      name: `Q${index}`,
      enableTranscription: true,
    }));
    simulator.configure({ ...before, queues, mappings: [] });
    const page = await api('/api/v2/routing/queues?pageSize=500&pageNumber=20');
    expect(page.json).toMatchObject({
      total: 10_000,
      pageCount: 20,
      pageNumber: 20,
      pageSize: 500,
    });
    expect(page.json.entities).toHaveLength(500);
    expect(page.json.entities[499].name).toBe('Q9999');
    expect(page.json.nextUri).toBeUndefined();
    expect((await api(String(page.json.previousUri))).json.nextUri).toBe(
      '/api/v2/routing/queues?pageSize=500&pageNumber=20',
    );
    expect((await api('/api/v2/routing/queues?pageNumber=401')).json.entities).toEqual([]);
    expect((await api('/api/v2/routing/queues?pageSize=501')).status).toBe(400);
    simulator.configure(before);
  });

  it.each(['programs', 'programs/mappings'])('walks %s by cursor to the end', async (list) => {
    let uri: string | undefined = `/api/v2/speechandtextanalytics/${list}?pageSize=2`;
    const sizes: number[] = [];
    while (uri !== undefined) {
      const { json } = await api(uri);
      sizes.push(json.entities.length);
      uri = json.nextUri;
    }
    expect(sizes).toEqual(list === 'programs' ? [2, 2] : [2, 1]);
    expect((await api(`/api/v2/speechandtextanalytics/${list}?nextPage=2`)).status).toBe(400);
  });
});
