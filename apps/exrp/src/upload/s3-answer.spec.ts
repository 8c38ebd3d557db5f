import { isBadDigest, s3Failure } from './s3-answer.js';

const xml = (code: string, message = '') =>
  `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

describe('s3Failure', () => {
  it.each([
    [200, ''],
    [204, ''],
  ])('%d means stored', (status, body) => expect(s3Failure({ status, body })).toBeUndefined());

  it.each([
    [403, xml('AccessDenied', 'Request has expired'), 'upload-expired', 'later'],
    [400, xml('ExpiredToken'), 'upload-expired', 'later'],
    [403, xml('AccessDenied', 'no'), 'upload-failed', 'later'],
    [403, xml('SignatureDoesNotMatch'), 'upload-rejected', 'never'],
    [400, xml('BadDigest'), 'upload-rejected', 'never'],
    [400, xml('EntityTooLarge'), 'upload-rejected', 'never'],
    [503, xml('SlowDown'), 'upload-failed', 'later'],
    [500, xml('InternalError'), 'upload-failed', 'later'],
    [200, xml('InternalError'), 'upload-failed', 'later'],
    [200, '<!DOCTYPE html><title>Login</title>', 'upload-failed', 'later'],
    [307, '', 'upload-failed', 'later'],
    [411, '', 'upload-failed', 'later'],
  ])('%d %s is %s, %s', (status, body, code, retry) => {
    expect(s3Failure({ status, body })).toMatchObject({ code, retry });
  });

  it('passes on how long S3 wants to be left alone', () => {
    const answer = { status: 503, body: xml('SlowDown'), retryAfterMs: 7_000 };
    expect(s3Failure(answer)).toMatchObject({ retryAfterMs: 7_000 });
  });

  it('knows a corrupt transfer from other rejections', () => {
    expect(isBadDigest(s3Failure({ status: 400, body: xml('BadDigest') })!)).toBe(true);
    expect(isBadDigest(s3Failure({ status: 403, body: xml('SignatureDoesNotMatch') })!)).toBe(
      false,
    );
  });
});
