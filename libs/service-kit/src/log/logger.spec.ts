import { Writable } from 'node:stream';
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
  it('prints one JSON line per event with its name and fields', () => {
    const { lines, stream } = capture();
    const logger = createLogger({ service: 'exrp', level: 'info', format: 'json', stream });
    logger
      .child({ recordingId: 'r1' })
      .info('recording.uploaded', { sizeBytes: 12, durationMs: 1_700_000_000 });
    logger.debug('not.shown');
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
    ['02AB7QK3D4FH59LMN0PQ6RSTUV000017_2026-03-02_09-15-04-00A1B2C3-1000F00D-00000001.opus'],
    ['8f1c2a34-7b1e-4c0d-9a55-1f0e2d3c4b5a'],
    ['http://127.0.0.1:3660/api/v1/injections'],
    ['2026-03-02T09:15:04.000Z'],
  ])('leaves ids, names and times alone: %s', (text) => expect(redactText(text)).toBe(text));

  it('removes credentials from a URL', () => {
    expect(redactText('redis://user:pw@h and http://user:pw@h/x')).not.toContain('http://user:pw@');
  });
});
