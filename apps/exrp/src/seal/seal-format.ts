import type { GcKey } from '../keys/index.js';

/**
 * A way to encrypt one audio file to a GC key. A further format is one more folder with one more of these.
 * Contract: the sealed message is `head`, then every `update`, then `final`, together exactly `sizeBytes`.
 */
export type SealFormat = {
  /** As written to `encryption.container` in the metadata. */
  readonly name: 'openpgp' | 'cms';
  /** File name extension of the sealed message, with its dot. */
  readonly extension: string;
  /** Starts a message with a fresh session key. Throws `key-invalid` (later) when the key does not suit the format. */
  seal(key: GcKey, audioSizeBytes: number): Promise<SealingMessage>;
};

/** A message being written, of a size that is known from the start because the audio's is. */
export type SealingMessage = {
  readonly sizeBytes: number;
  readonly head: Buffer;
  update(audio: Buffer): Buffer;
  final(): Buffer;
};
