import { Failure } from '@exrec/service-kit';

/** What the bytes of an audio file turned out to be. */
export type AudioVerdict =
  | CompleteAudio
  /** Ogg Opus that stops short, or is damaged: it may still be on its way. */
  | { readonly kind: 'incomplete'; readonly why: string }
  | { readonly kind: 'not-ogg-opus' }
  | { readonly kind: 'empty' }
  /** A page for people, usually a login form of something in front of the storage. */
  | { readonly kind: 'html' };

export type CompleteAudio = {
  readonly kind: 'complete';
  readonly channels: number;
  readonly durationMs: number;
  /** The rate of the original input as noted by the encoder; Opus itself always decodes at 48 kHz. 0: unknown. */
  readonly inputSampleRateHz: number;
};

/**
 * What an unusable verdict means for the recording (CONTRACTS 3.6 and 9.2).
 * It takes the file as stable: whoever is not sure that nobody writes to it any more must not believe the `never`.
 */
export function audioFailure(verdict: Exclude<AudioVerdict, CompleteAudio>): Failure {
  switch (verdict.kind) {
    case 'incomplete':
      return Failure.later('audio-incomplete', { detail: verdict.why });
    case 'html':
      return Failure.later('storage-unavailable', {
        detail: 'the storage answered with an HTML page',
      });
    case 'empty':
      return Failure.never('audio-invalid', { detail: 'the file has no bytes' });
    case 'not-ogg-opus':
      return Failure.never('audio-invalid', { detail: 'the file is not Ogg Opus' });
  }
}
