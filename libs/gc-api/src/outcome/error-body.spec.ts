import { cleanMessage, describeRefusal } from './error-body.js';

describe('cleanMessage', () => {
  it.each([
    ['Rate limit exceeded the maximum. Retry the request in [17] seconds', undefined],
    ['The file name may not end with a slash.', undefined],
    ["No user named 'Anna Schmidt' here", 'No user named … here'],
    ['No user named “Anna Schmidt” here', 'No user named … here'],
    ['call from +49 (30) 555-010 failed', 'call from … failed'],
    ['call from 8005550100 failed', 'call from … failed'],
    ['mail to anna.schmidt@example.com', 'mail to …'],
    ['see https://bucket.s3.test/a?X-Amz-Signature=abc now', 'see … now'],
    ['header was Bearer abc', 'header was …'],
    ['token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.abc', 'token …'],
    ['two\r\nlines\u0000', 'two lines'],
  ])('%s', (message, expected = message) => {
    expect(cleanMessage(message)).toBe(expected);
  });

  it('is short', () => {
    expect(cleanMessage('word '.repeat(1000)).length).toBeLessThanOrEqual(200);
  });
});

describe('describeRefusal', () => {
  it.each([
    ['{"error":"invalid_client","error_description":"secret of abc"}', '400 invalid_client'],
    ['{"code":"bad.request","message":null}', '400 bad.request'],
    ['{"code":5,"message":["x"]}', '400'],
    ['{"code":"bad request of +4930555010"}', '400'],
    ['[]', '400'],
    ['null', '400'],
    ['<html>', '400'],
    ['', '400'],
  ])('%s', (body, expected) => {
    expect(describeRefusal({ status: 400, headers: {}, body })).toBe(expected);
  });

  it('prefers the message whose parameters are not filled in', () => {
    const body = '{"message":"User Anna is unknown","messageWithParams":"User {name} is unknown"}';
    expect(describeRefusal({ status: 404, headers: {}, body })).toBe('404: User {name} is unknown');
  });
});
