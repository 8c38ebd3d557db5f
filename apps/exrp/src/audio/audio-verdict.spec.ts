import { assertWhole, type AudioVerdict } from './audio-verdict.js';

const opus = { kind: 'opus', channels: 2, durationMs: 1000 } as const;

describe('assertWhole', () => {
  it.each<[AudioVerdict, string, string]>([
    [{ kind: 'incomplete', why: 'cut' }, 'audio-incomplete', 'later'],
    [{ kind: 'html' }, 'storage-unavailable', 'later'],
    [{ kind: 'empty' }, 'audio-invalid', 'never'],
    [{ kind: 'not-ogg-opus' }, 'audio-invalid', 'never'],
  ])('makes %j the cause %s, %s, announced or not', (verdict, code, retry) => {
    for (const sizeIsAnnounced of [true, false])
      expect(() => assertWhole(verdict, sizeIsAnnounced)).toThrow(
        expect.objectContaining({ code, retry }),
      );
  });

  it('wants an end of the stream only where no size was announced', () => {
    const open: AudioVerdict = { ...opus, whyOpen: 'no end', flags: ['no-end-of-stream'] };
    const ended: AudioVerdict = { ...opus, flags: ['bytes-after-end', 'pages-missing'] };
    expect(() => assertWhole(open, true)).not.toThrow();
    expect(() => assertWhole(ended, false)).not.toThrow();
    expect(() => assertWhole(open, false)).toThrow(
      expect.objectContaining({ code: 'audio-incomplete', retry: 'later', detail: 'no end' }),
    );
  });
});
