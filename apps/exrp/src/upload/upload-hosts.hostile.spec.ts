import { withinBounds } from '@exrec/testing';
import { assertUploadHost } from './upload-hosts.js';

it.each(['*.amazonaws.com', '*.*.*.amazonaws.com', '*.s3.*.amazonaws.*'])(
  'a URL of thousands of labels is refused by %s at once',
  async (pattern) => {
    const rule = { hosts: [pattern], allowInsecure: false };
    const url = `https://${'a.'.repeat(5_000)}s3.${'a.'.repeat(5_000)}example/x`;
    await withinBounds(() => expect(() => assertUploadHost(url, rule)).toThrow('upload-failed'));
  },
);
