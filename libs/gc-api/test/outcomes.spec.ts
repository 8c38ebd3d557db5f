import { inspect } from 'node:util';
import { Failure } from '@exrec/service-kit';
import { gcApiFor, startScriptedGc, type Handler, type ScriptedGc } from './scripted-gc.js';

const request = {
  fileName: 'a.zip',
  contentMd5: '1B2M2Y8AsgTpgAmY7PhCfg==',
  contentType: 'application/zip',
  signedUrlTimeoutSeconds: 600,
};

let gc: ScriptedGc;
beforeAll(async () => {
  gc = await startScriptedGc();
});
afterAll(() => gc.stop());

/** Where a silence of GC is the subject, not a slow machine. */
const silenceMs = 2_000;

async function failureOf(handler: Handler, stallMs?: number): Promise<Failure> {
  gc.api = handler;
  const api = gcApiFor(gc, {
    maxAnswerBytes: 10_000,
    ...(stallMs === undefined ? {} : { stallMs }),
  });
  try {
    const error: unknown = await api.createUpload(request).catch((thrown: unknown) => thrown);
    if (error instanceof Failure) return error;
    throw new Error(`no Failure but ${inspect(error)}`);
  } finally {
    api.close();
  }
}

const upload = { url: 'https://bucket.s3.amazonaws.com/a', uploadKey: 'a', headers: {} };

describe('an answer of GC becomes a failure with its next action', () => {
  it.each<[string, Handler, string, string, number | undefined]>([
    [
      '400 bad file name',
      () => ({ status: 400, body: { code: 'bad.request' } }),
      'gc-rejected',
      'never',
      undefined,
    ],
    ['404', () => ({ status: 404 }), 'gc-rejected', 'never', undefined],
    ['409', () => ({ status: 409 }), 'gc-rejected', 'never', undefined],
    ['413 as HTML', () => ({ status: 413, body: '<html>' }), 'gc-rejected', 'never', undefined],
    ['403', () => ({ status: 403 }), 'gc-unauthorized', 'later', 60_000],
    ['401 again with a fresh token', () => ({ status: 401 }), 'gc-unauthorized', 'later', 60_000],
    ['408', () => ({ status: 408 }), 'gc-unavailable', 'later', undefined],
    ['500', () => ({ status: 500 }), 'gc-unavailable', 'later', undefined],
    ['502 as HTML', () => ({ status: 502, body: '<html>' }), 'gc-unavailable', 'later', undefined],
    [
      '503 with Retry-After',
      () => ({ status: 503, headers: { 'retry-after': '7' } }),
      'gc-unavailable',
      'later',
      7000,
    ],
    [
      '429 with Retry-After',
      () => ({ status: 429, headers: { 'retry-after': '17' } }),
      'gc-rate-limited',
      'later',
      17_000,
    ],
    ['429 without', () => ({ status: 429 }), 'gc-rate-limited', 'later', 5000],
    [
      'a redirect',
      () => ({ status: 307, headers: { location: 'http://169.254.169.254/' } }),
      'gc-unavailable',
      'later',
      undefined,
    ],
    [
      '200 that is not JSON',
      () => ({ body: '<html>login</html>' }),
      'gc-unavailable',
      'later',
      undefined,
    ],
    [
      '200 that is cut JSON',
      () => ({ body: '{"url":"https://' }),
      'gc-unavailable',
      'later',
      undefined,
    ],
    ['200 without body', () => ({ body: '' }), 'gc-unavailable', 'later', undefined],
    ['200 without url', () => ({ body: { uploadKey: 'a' } }), 'gc-unavailable', 'later', undefined],
    [
      '200 with a bad url',
      () => ({ body: { ...upload, url: 'nonsense' } }),
      'gc-unavailable',
      'later',
      undefined,
    ],
    [
      'an answer that is too long',
      () => ({ body: 'x'.repeat(20_000) }),
      'gc-unavailable',
      'later',
      undefined,
    ],
    ['silence', () => undefined, 'gc-unavailable', 'later', undefined],
    [
      'a body that stops',
      (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('{"url"'),
      'gc-unavailable',
      'later',
      undefined,
    ],
    [
      'a reset',
      (_, response) => void response.socket?.resetAndDestroy(),
      'gc-unavailable',
      'later',
      undefined,
    ],
  ])('%s', async (what, handler, code, retry, retryAfterMs) => {
    const isSilence = what === 'silence' || what === 'a body that stops';
    const failure = await failureOf(handler, isSilence ? silenceMs : undefined);
    expect({
      code: failure.code,
      retry: failure.retry,
      retryAfterMs: failure.retryAfterMs,
    }).toEqual({
      code,
      retry,
      retryAfterMs,
    });
    expect(failure.detail).toMatch(/^POST \/api\/v2\/uploads\/recordings: ./);
  });

  it('is gc-unavailable when nobody listens', async () => {
    const gone = await startScriptedGc();
    await gone.stop();
    await expect(gcApiFor(gone).dialects()).rejects.toMatchObject({
      code: 'gc-unavailable',
      detail: 'POST /oauth/token: ECONNREFUSED',
    });
  });

  it('gives a server up that trickles without an end', async () => {
    let ticks: NodeJS.Timeout | undefined;
    const failure = await failureOf((_, response) => {
      response.writeHead(200);
      ticks = setInterval(() => response.write(' '), 20);
      return undefined;
    }, 500);
    clearInterval(ticks);
    expect(failure).toMatchObject({ code: 'gc-unavailable', retry: 'later' });
  });

  it('is gc-unavailable when the caller cancels', async () => {
    gc.api = () => undefined;
    const cancel = new AbortController();
    const api = gcApiFor(gc, { stallMs: 60_000 });
    const call = api.dialects({ signal: cancel.signal });
    const outcome = expect(call).rejects.toMatchObject({ code: 'gc-unavailable', retry: 'later' });
    setImmediate(() => cancel.abort());
    await outcome;
    api.close();
  });

  it('never follows a redirect', async () => {
    const elsewhere = await startScriptedGc();
    await failureOf(() => ({ status: 302, headers: { location: `${elsewhere.url}/api/x` } }));
    await failureOf(() => ({ status: 307, headers: { location: `${elsewhere.url}/api/x` } }));
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.stop();
  });
});

describe('what a failure says', () => {
  it('names GC’s code, message and correlation id', async () => {
    const failure = await failureOf(() => ({
      status: 400,
      headers: { 'inin-correlation-id': 'c0ffee00-1111' },
      body: { code: 'bad.request', message: 'The file name may not end with a slash.' },
    }));
    expect(failure.message).toBe(
      'gc-rejected: POST /api/v2/uploads/recordings: 400 bad.request: ' +
        'The file name may not end with a slash. (correlation c0ffee00-1111)',
    );
  });

  it.each([400, 401, 403, 429, 500])('keeps the canaries of a %i to itself', async (status) => {
    const canaries = [
      '+49 30 555010',
      '+4930555010',
      'Anna Schmidt',
      'anna@example.com',
      'X-Amz-Signature',
    ];
    const message = `User 'Anna Schmidt' anna@example.com at +49 30 555010 or +4930555010, see https://s3.test/a?X-Amz-Signature=abc`;
    const failure = await failureOf(({ headers }) => ({
      status,
      headers: { 'inin-correlation-id': 'nice try +4930555010' },
      body: {
        code: 'no +4930555010',
        message: `${message} ${headers.authorization ?? ''}`,
        entityName: 'Anna Schmidt',
      },
    }));
    const basic = Buffer.from('client-a:secret-a').toString('base64');
    for (const text of [
      JSON.stringify(failure),
      failure.message,
      failure.stack,
      inspect(failure, { depth: 9 }),
    ]) {
      for (const canary of [...canaries, 'token-', 'secret-a', 'client-a', basic]) {
        expect(text).not.toContain(canary);
      }
    }
  });

  it('keeps token and secret to itself when the network fails', async () => {
    const failure = await failureOf((_, response) => void response.socket?.resetAndDestroy());
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toMatch(
      /token-|secret-a|[Bb]earer|authorization/,
    );
  });
});

describe('logs and metrics', () => {
  it('see the template of the call, its status and time, and no id', async () => {
    gc.api = () => ({ status: 500, headers: { 'inin-correlation-id': 'cor-1' } });
    const calls: unknown[] = [];
    const lines: unknown[] = [];
    const api = gcApiFor(gc, {
      onCall: (report) => calls.push(report),
      logger: { debug: (...line) => lines.push(line), warn: fail, error: fail },
    });
    await expect(api.uploadReport('../secret id')).rejects.toThrow(Failure);
    api.close();
    expect(gc.seen.at(-1)?.path).toBe('/api/v2/recording/uploads/reports/..%2Fsecret%20id');
    const endpoint = 'GET /api/v2/recording/uploads/reports/{id}';
    const measured = { durationMs: expect.any(Number), clockAheadMs: expect.any(Number) };
    expect(calls).toEqual([
      { endpoint: 'POST /oauth/token', status: 200, ...measured },
      { endpoint, status: 500, ...measured },
    ]);
    expect(lines.at(-1)).toEqual([
      'gc.request',
      { endpoint, status: 500, durationMs: expect.any(Number), correlationId: 'cor-1' },
    ]);
  });
});

function fail(event: string): never {
  throw new Error(`unexpected log line ${event}`);
}
