import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createLogger } from './logger.js';
import { redactText } from './redact.js';

function capture() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, stream };
}

const canaries = {
  phone: '+4930555010',
  localPhone: '8005550100',
  bearer: 'Bearer abc.def-ghi',
  signedUrl: 'https://bucket.s3.amazonaws.com/k?X-Amz-Signature=feedbeef',
  email: 'agent7105@example.com',
};

describe('logger', () => {
  it('prints one JSON line per event with its name and fields', async () => {
    const { lines, stream } = capture();
    const logger = createLogger({ service: 'exrp', level: 'info', format: 'json', stream });
    logger
      .child({ recordingId: 'r1' })
      .info('recording.uploaded', { sizeBytes: 12, durationMs: 1_700_000_000 });
    logger.debug('not.shown');
    await setImmediate();
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      service: 'exrp',
      level: 'info',
      event: 'recording.uploaded',
      recordingId: 'r1',
      sizeBytes: 12,
      durationMs: 1_700_000_000,
    });
  });

  it('prints what is underneath an error, by name, code and message', () => {
    const { lines, stream } = capture();
    const logger = createLogger({ service: 'x', level: 'info', format: 'json', stream });
    const cause = Object.assign(new Error('no route'), { code: 'EHOSTUNREACH', port: 1 });
    logger.warn('a', { error: new Error('failed', { cause }) });
    expect(JSON.parse(lines[0]!)).toMatchObject({
      error: { message: 'failed', cause: { code: 'EHOSTUNREACH', message: 'no route' } },
    });
    expect(lines[0]).not.toContain('stack');
  });

  it.each(['json', 'pretty'] as const)('prints no personal data and no secret (%s)', (format) => {
    const { lines, stream } = capture();
    const logger = createLogger({ service: 'x', level: 'debug', format, stream });
    const httpError = Object.assign(
      new Error(`failed for ${canaries.phone} ${canaries.signedUrl}`),
      {
        config: { headers: { authorization: canaries.bearer } },
      },
    );
    logger.error('a', { error: httpError });
    logger.info('b', {
      ...canaries,
      ani: canaries.phone,
      nested: { agentName: 'Jane Doe', list: [canaries.email] },
    });
    const printed = lines.join('');
    for (const secret of [
      '4930555010',
      '8005550100',
      'abc.def',
      'feedbeef',
      'agent7105@',
      'Jane Doe',
    ]) {
      expect(printed).not.toContain(secret);
    }
  });
});

describe('redactText', () => {
  it.each([
    '02AB7QK3D4FH59LMN0PQ6RSTUV000017_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus',
    '8f1c2a34-7b1e-4c0d-9a55-1f0e2d3c4b5a',
    '12345678-9012-4345-8678-901234567890',
    'http://127.0.0.1:3660/api/v1/injections',
    'connect ECONNREFUSED 192.168.100.200:16379',
    '[::1]:6379 and fe80::1',
    '2026-03-02T09:15:04.000Z',
    '2026-03-02T09:15:04.000+0000',
    'from 2026-03-02 09:15:04 to 2026-03-02 09:18:31',
    'Mon, 02 Mar 2026 09:15:04 GMT',
    'waited 1500 ms, 3 of 250 attempts, 99.75 %, took 0.12345678 s',
    'HTTP 503, code 40500, port 3650, exit 78',
    '02ab7qk3d4fh59lmn0pq6rstuv000017',
    'v20.20.2 and Redis 7.0.15',
  ])('leaves ids, names, times, addresses and small numbers alone: %s', (text) =>
    expect(redactText(text)).toBe(text),
  );

  it.each([
    '+4930555010',
    '+49 30 555010',
    '+49-30-555-010',
    '+49 (30) 555010',
    '+49 (0)30 555010',
    '+1 (800) 555-0100',
    '0049 30 555010',
    '030 55501012',
    '030/55501012',
    '(030) 5550 1012',
    '01 42 68 53 00',
    '(800) 555-0100',
    '800-555-0100',
    '800.555.0100',
    '1-800-555-0100',
    '8005550100',
    '%2B4930555010',
  ])('removes the phone number %s', (number) => {
    const texts = [
      number,
      `no route to ${number}.`,
      `caller:${number}, later`,
      `{"x":"${number}"}`,
      `GET /calls/${number}/x`,
    ];
    for (const text of texts) {
      const left = redactText(text).replace('[redacted number]', '');
      expect(left.replace(/\D/g, '')).toBe('');
    }
  });

  it.each([
    ['an Authorization header', 'sent Authorization: Bearer abc.DEF-123/x+y==', 'abc.DEF'],
    ['Basic credentials', 'basic bWNwOnNlY3JldA==', 'bWNwOn'],
    ['credentials in a URL', 'redis://user:hush@h:6379 failed', 'hush'],
    ['credentials in an http URL', 'GET http://user:hush@h/x', 'hush'],
    ['a signed URL', 'PUT https://b.s3.amazonaws.com/k?X-Amz-Signature=feedbeef&x=1', 'feedbeef'],
    ['the signed part of a URL alone', 'PUT /k?a=1&X-Amz-Signature=feedbeef', 'feedbeef'],
    ['a token in a query', 'GET /x?access_token=hush&y=1', 'hush'],
    ['a form', 'grant_type=client_credentials&client_secret=hush', 'hush'],
    ['an e-mail address', 'no user agent7105@example.com here', 'agent7105'],
    ['a SIP address', 'INVITE sip:7105@10.0.0.7', '7105@'],
  ])('removes %s', (_what, text, secret) => expect(redactText(text)).not.toContain(secret));

  it('cuts a text of any length', () =>
    expect(redactText('x'.repeat(1_000_000)).length).toBeLessThan(2_100));
});
