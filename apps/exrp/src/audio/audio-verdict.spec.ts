import { audioFailure } from './audio-verdict.js';

describe('audioFailure', () => {
  it.each([
    [{ kind: 'incomplete', why: 'cut' }, 'audio-incomplete', 'later'],
    [{ kind: 'html' }, 'storage-unavailable', 'later'],
    [{ kind: 'empty' }, 'audio-invalid', 'never'],
    [{ kind: 'not-ogg-opus' }, 'audio-invalid', 'never'],
  ] as const)('makes %j the cause %s, %s', (verdict, code, retry) => {
    expect(audioFailure(verdict)).toMatchObject({ code, retry });
  });
});
