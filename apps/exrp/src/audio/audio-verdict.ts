import { Failure } from '@exrec/service-kit';

/** What is odd about audio that is taken all the same (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (6)). */
export type AudioFlag = 'no-end-of-stream' | 'pages-missing' | 'bytes-after-end';

/** What the bytes of an audio file turned out to be. */
export type AudioVerdict =
  | OpusAudio
  /** Ogg that has no sound yet, or stops before it is known what it is. */
  | { readonly kind: 'incomplete'; readonly why: string }
  | { readonly kind: 'not-ogg-opus' }
  | { readonly kind: 'empty' }
  /** A page for people, usually a login form of something in front of the storage. */
  | { readonly kind: 'html' };

export type OpusAudio = {
  readonly kind: 'opus';
  /** Why the bytes do not show that the recording ends here; missing when they do. */
  readonly whyOpen?: string;
  readonly flags: readonly AudioFlag[];
  readonly channels: number;
  readonly durationMs: number;
};

/**
 * Whether a stable file is the whole recording (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (6)): one of the size that was announced is, whatever its
 * bytes look like; without an announced size the Opus stream must have a sound last page that says so.
 * @throws Failure for what cannot be sent. It takes the file as stable: whoever is not sure that nobody writes to it
 * any more must not believe the `never`.
 */
export function assertWhole(
  verdict: AudioVerdict,
  sizeIsAnnounced: boolean,
): asserts verdict is OpusAudio {
  switch (verdict.kind) {
    case 'opus':
      if (!sizeIsAnnounced && verdict.whyOpen !== undefined)
        throw Failure.later('audio-incomplete', { detail: verdict.whyOpen });
      return;
    case 'incomplete':
      throw Failure.later('audio-incomplete', { detail: verdict.why });
    case 'html':
      throw Failure.later('storage-unavailable', {
        detail: 'the storage answered with an HTML page',
      });
    case 'empty':
      throw Failure.never('audio-invalid', { detail: 'the file has no bytes' });
    case 'not-ogg-opus':
      throw Failure.never('audio-invalid', { detail: 'the file is not Ogg Opus' });
  }
}
