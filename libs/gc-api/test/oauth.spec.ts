import type { Failure } from '@exrec/service-kit';
import { clientKeyOf } from '../src/index.js';
import { gcApiFor, startScriptedGc, type ScriptedGc } from './scripted-gc.js';

let gc: ScriptedGc;
beforeEach(async () => {
  gc = await startScriptedGc();
  gc.api = () => ({ body: { transcription: 'Disabled' } });
});
afterEach(() => gc.stop());

const times = (count: number) => Array.from({ length: count });
const bearerOf = (headers: { authorization?: string | undefined }) => headers.authorization;

describe('tokens', () => {
  it('asks as a client with its credentials, once for many callers', async () => {
    const api = gcApiFor(gc);
    await Promise.all(times(20).map(() => api.transcriptionSettings()));
    await api.transcriptionSettings();
    expect(gc.tokenRequests).toHaveLength(1);
    expect(gc.tokenRequests[0]).toMatchObject({
      method: 'POST',
      body: 'grant_type=client_credentials',
      headers: { authorization: `Basic ${Buffer.from('client-a:secret-a').toString('base64')}` },
    });
    expect(new Set(gc.seen.map(({ headers }) => bearerOf(headers)))).toEqual(
      new Set(['Bearer token-1']),
    );
    api.close();
  });

  it('renews before the end of the token’s life', async () => {
    let nowMs = 1_000_000;
    gc.login = () => ({
      body: { access_token: `token-${gc.tokenRequests.length}`, expires_in: 600 },
    });
    const api = gcApiFor(gc, { monotonicNow: () => nowMs });
    await api.transcriptionSettings();
    nowMs += 530_000;
    await api.transcriptionSettings();
    expect(gc.tokenRequests).toHaveLength(1);
    nowMs += 20_000;
    await api.transcriptionSettings();
    expect(gc.tokenRequests).toHaveLength(2);
    expect(bearerOf(gc.seen.at(-1)!.headers)).toBe('Bearer token-2');
    api.close();
  });

  it('renews once for all callers when GC answers 401 in the middle of a run, and goes on', async () => {
    gc.api = ({ headers }) =>
      bearerOf(headers) === 'Bearer token-1'
        ? { status: 401 }
        : { body: { transcription: 'Disabled' } };
    const api = gcApiFor(gc);
    const answers = await Promise.all(times(20).map(() => api.transcriptionSettings()));
    expect(answers).toHaveLength(20);
    expect(gc.tokenRequests).toHaveLength(2);
    expect(gc.seen).toHaveLength(40);
    api.close();
  });

  it.each([
    [{ status: 500 }, 'gc-unavailable'],
    [{ status: 429, headers: { 'retry-after': '30' } }, 'gc-rate-limited'],
    [{ body: { expires_in: 600 } }, 'gc-unavailable'],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'gc-unavailable'],
    [{ status: 400, body: { error: 'invalid_client' } }, 'gc-unauthorized'],
    [{ status: 401, body: '<html>' }, 'gc-unauthorized'],
    [{ status: 404 }, 'gc-unauthorized'],
  ])('a login that answers %j is %s (later), never a rejection', async (reply, code) => {
    gc.login = () => reply;
    const api = gcApiFor(gc);
    await expect(api.transcriptionSettings()).rejects.toMatchObject({ code, retry: 'later' });
    expect(gc.seen).toEqual([]);
    api.close();
  });
});

it('asks a login that is away ever more seldom, and at once for its token when it is back', async () => {
  let nowMs = 1_000_000;
  gc.login = () => ({ status: 503 });
  const api = gcApiFor(gc, { monotonicNow: () => nowMs });
  for (const _ of times(200)) {
    await expect(api.transcriptionSettings()).rejects.toMatchObject({ code: 'gc-unavailable' });
    nowMs += 100;
  }
  // After 0.5, 1, 2, 4 and 8 s.
  expect(gc.tokenRequests).toHaveLength(6);
  gc.login = () => ({ body: { access_token: 'good', expires_in: 600 } });
  nowMs += 8_000;
  await expect(api.transcriptionSettings()).resolves.toEqual({ transcription: 'Disabled' });
  api.close();
});

describe('a refused client', () => {
  it('is set aside with an alarm, asks nothing meanwhile and is tried again after a minute', async () => {
    let nowMs = 1_000_000;
    const alarms: [string, Failure][] = [];
    gc.login = () => ({ status: 400, body: { error: 'invalid_client' } });
    const api = gcApiFor(gc, {
      monotonicNow: () => nowMs,
      onClientRefused: (...alarm) => alarms.push(alarm),
    });
    await Promise.allSettled(times(5).map(() => api.transcriptionSettings()));
    nowMs += 20_000;
    await expect(api.transcriptionSettings()).rejects.toMatchObject({
      code: 'gc-unauthorized',
      retry: 'later',
      retryAfterMs: 40_000,
    });
    expect(gc.tokenRequests).toHaveLength(1);
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).toMatchObject([clientKeyOf('client-a'), { code: 'gc-unauthorized' }]);

    gc.login = () => ({ body: { access_token: 'good', expires_in: 600 } });
    nowMs += 40_000;
    await expect(api.transcriptionSettings()).resolves.toEqual({ transcription: 'Disabled' });
    api.close();
  });

  const two = [
    { clientId: 'client-a', clientSecret: 'secret-a' },
    { clientId: 'client-b', clientSecret: 'secret-b' },
  ];
  const isA = (headers: { authorization?: string | undefined }) =>
    Buffer.from(bearerOf(headers)?.slice('Basic '.length) ?? '', 'base64').toString() ===
    'client-a:secret-a';

  it('leaves the work to the others', async () => {
    gc.login = ({ headers }) =>
      isA(headers)
        ? { status: 401, body: { error: 'invalid_client' } }
        : { body: { access_token: 'token-b', expires_in: 600 } };
    const api = gcApiFor(gc, { clients: two });
    await Promise.all(times(10).map(() => api.transcriptionSettings()));
    expect(gc.seen.map(({ headers }) => bearerOf(headers))).toEqual(
      times(10).map(() => 'Bearer token-b'),
    );
    expect(gc.tokenRequests).toHaveLength(2);
    api.close();
  });

  it('leaves the work to the others when its fresh tokens are worthless', async () => {
    gc.login = ({ headers }) => ({
      body: { access_token: isA(headers) ? 'worthless' : 'token-b', expires_in: 600 },
    });
    gc.api = ({ headers }) =>
      bearerOf(headers) === 'Bearer worthless'
        ? { status: 401 }
        : { body: { transcription: 'Disabled' } };
    const api = gcApiFor(gc, { clients: two });
    for (const _ of times(6)) await api.transcriptionSettings();
    expect(gc.seen.filter(({ headers }) => bearerOf(headers) === 'Bearer worthless')).toHaveLength(
      2,
    );
    api.close();
  });

  it('is gc-unauthorized when all are refused', async () => {
    gc.login = () => ({ status: 400, body: { error: 'invalid_client' } });
    const api = gcApiFor(gc, { clients: two });
    await expect(api.transcriptionSettings()).rejects.toMatchObject({ code: 'gc-unauthorized' });
    await expect(api.transcriptionSettings()).rejects.toMatchObject({ code: 'gc-unauthorized' });
    expect(gc.tokenRequests).toHaveLength(2);
    api.close();
  });
});

it('spreads the requests over all clients', async () => {
  gc.login = ({ headers }) => ({
    body: { access_token: bearerOf(headers)?.slice(-6) ?? '', expires_in: 600 },
  });
  const clients = ['a', 'b', 'c'].map((name) => ({ clientId: name, clientSecret: `s-${name}` }));
  const api = gcApiFor(gc, { clients });
  for (const _ of times(30)) await api.transcriptionSettings();
  const counts = new Map<string, number>();
  for (const { headers } of gc.seen) {
    const bearer = bearerOf(headers) ?? '';
    counts.set(bearer, (counts.get(bearer) ?? 0) + 1);
  }
  expect(counts.size).toBe(3);
  expect(Math.min(...counts.values())).toBeGreaterThan(5);
  api.close();
});

it('goes on with another client when GC finds that one has used up its budget', async () => {
  gc.login = ({ headers }) => ({
    body: { access_token: bearerOf(headers)?.slice(-6) ?? '', expires_in: 600 },
  });
  const clients = ['a', 'b'].map((name) => ({ clientId: name, clientSecret: `s-${name}` }));
  let refused: string | undefined;
  gc.api = ({ headers }) => {
    refused ??= bearerOf(headers);
    return bearerOf(headers) === refused
      ? { status: 429, headers: { 'retry-after': '60' } }
      : { body: { transcription: 'Disabled' } };
  };
  const api = gcApiFor(gc, { clients });
  for (const _ of times(4)) await api.transcriptionSettings();
  expect(gc.seen.filter(({ headers }) => bearerOf(headers) === refused)).toHaveLength(1);
  expect(gc.seen).toHaveLength(5);
  api.close();
});
