import { assertUploadHost } from './upload-hosts.js';

describe('assertUploadHost', () => {
  const strict = { hosts: ['*.amazonaws.com'], allowInsecure: false };
  const loopback = { hosts: ['127.0.0.1'], allowInsecure: true };

  it.each([
    ['https://bucket.s3.eu-central-1.amazonaws.com/k?X-Amz-Signature=1', strict, true],
    ['https://AMAZONAWS.com/k', strict, false],
    ['https://bucket.s3.amazonaws.com.evil.example/k', strict, false],
    ['https://evilamazonaws.com/k', strict, false],
    ['http://bucket.s3.amazonaws.com/k', strict, false],
    ['http://bucket.s3.amazonaws.com/k', { ...strict, allowInsecure: true }, true],
    ['https://u:p@bucket.s3.amazonaws.com/k', strict, false],
    ['https://169.254.169.254/latest', strict, false],
    ['http://127.0.0.1:3690/k', loopback, true],
    ['ftp://127.0.0.1/k', loopback, false],
    ['http://127.0.0.2/k', loopback, false],
    ['not a url', loopback, false],
  ])('%s with %j is allowed: %s', (url, rule, allowed) => {
    const check = () => assertUploadHost(url, rule);
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow('upload-failed');
  });

  it('never repeats the URL', () => {
    expect(() => assertUploadHost('https://evil.example/?X-Amz-Signature=feed', strict)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('feed') }),
    );
  });
});
