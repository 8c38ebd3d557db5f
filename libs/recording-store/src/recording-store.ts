import type { Readable } from 'node:stream';

/** What the storage knows about a recording's audio file. */
export type StoredAudio = {
  readonly sizeBytes: number;
  /** Where the storage tells it, in a form that can be read. */
  readonly modifiedAtMs?: number;
  /** Changes with the content, where the storage has such a thing; with some it changes at every look. */
  readonly etag?: string;
};

export type ListedAudio = Omit<StoredAudio, 'sizeBytes'> & {
  readonly name: string;
  /** Not every storage tells it in a listing; `stat` does. */
  readonly sizeBytes?: number;
  /** The storage's own clock when it made the listing, where it tells it: `modifiedAtMs` is a time of that clock. */
  readonly storageNowMs?: number;
};

/** An audio file being read. */
export type OpenAudio = {
  /**
   * The bytes. Fails with `audio-incomplete` when they end before `sizeBytes`, with
   * `storage-unavailable` when nothing comes for the idle time or a web page comes instead.
   * It must be read to its end or destroyed.
   */
  readonly stream: Readable;
  /** Announced length; when missing, only a comparison with `stat` shows a cut download. */
  readonly sizeBytes?: number;
  readonly modifiedAtMs?: number;
  readonly etag?: string;
};

export type CallOptions = {
  /** Gives the call, and an opened stream, up at once; they fail with the signal's reason. */
  readonly signal?: AbortSignal;
};

/**
 * The transient storage of audio files, one flat folder. Names obey the rule for `mediaId`.
 * Every call fails with a `Failure`: `audio-missing` (later), `storage-unavailable` (later; also
 * for refused credentials), or `audio-invalid` (never) for a name that cannot be a recording's.
 */
export interface RecordingStore {
  /** @throws Failure `audio-missing`, `storage-unavailable` */
  stat(name: string, options?: CallOptions): Promise<StoredAudio>;
  /** @throws Failure `audio-missing`, `storage-unavailable` */
  open(name: string, options?: CallOptions): Promise<OpenAudio>;
  /** Removes a file; one that is gone already is as good. @throws Failure `storage-unavailable` */
  remove(name: string, options?: CallOptions): Promise<void>;
  /**
   * All audio files, in no order, read as they come: the number of files does not matter.
   * What has another name than a recording can have is left out.
   * @throws Failure `storage-unavailable`, also after some files when the answer is cut short
   */
  list(options?: CallOptions): AsyncIterable<ListedAudio>;
  /** Whether the storage answers and accepts the credentials. @throws Failure `storage-unavailable` */
  check(options?: CallOptions): Promise<void>;
  /** Closes idle connections. */
  close(): void;
}
