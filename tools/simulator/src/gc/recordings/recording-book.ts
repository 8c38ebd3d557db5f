import { basename } from 'node:path';
import type { Clock } from '../clock.js';
import type { StoredObject } from '../uploads/bucket.js';
import type { Metadata } from '../verdict/metadata.js';
import { judge, type AudioFound, type Case, type Verdict } from '../verdict/judge.js';
import { TaskQueue } from '../verdict/task-queue.js';

/** One recording as GC holds it. */
export type Recording = {
  readonly fileName: string;
  /** The file name without `.zip`. */
  readonly recordingId: string;
  readonly uploadKey: string;
  readonly sizeBytes: number;
  /** MD5 of the ZIP, hex. */
  readonly md5: string;
  /** Successful PUTs to this key; above 1 it was uploaded more than once. */
  readonly uploads: number;
  readonly uploadedAt: string;
  /** Null while it is still being opened, and always when nothing is verified. */
  readonly verdict: { readonly ok: boolean; readonly problems: readonly string[] } | null;
  readonly metadata: Metadata | null;
  readonly audio: AudioFound | null;
};

/** What the audio of a recording must be, as the one knows who played the call. */
export type Expectation = {
  /** A recordingId, or the audio's original file name. */
  readonly recording: string;
  /** SHA-256 of the audio file, lower-case hex. */
  readonly sha256: string;
};

type Kept = {
  object: StoredObject;
  uploads: number;
  uploadedAtMs: number;
  verdict: Verdict | undefined;
};

export type RecordingBookOptions = {
  readonly verify: boolean;
  readonly verifyConcurrency: number;
  readonly clock: Clock;
  readonly fileOf: (key: string) => string;
  readonly findKey: Case['findKey'];
};

/** Every recording that was uploaded, with the verdict on its ZIP. */
export class RecordingBook {
  readonly #kept = new Map<string, Kept>();
  readonly #expected = new Map<string, string>();
  readonly #queue: TaskQueue;
  readonly #options: RecordingBookOptions;

  constructor(options: RecordingBookOptions) {
    this.#options = options;
    this.#queue = new TaskQueue(options.verifyConcurrency);
  }

  /** Takes note of an upload; the same key again replaces it and counts. */
  add(object: StoredObject): void {
    const uploads = (this.#kept.get(object.key)?.uploads ?? 0) + 1;
    const kept: Kept = {
      object,
      uploads,
      uploadedAtMs: this.#options.clock.now(),
      verdict: undefined,
    };
    this.#kept.set(object.key, kept);
    if (this.#options.verify) this.#queue.add(() => this.#judge(kept));
  }

  expect(expectation: Expectation): void {
    this.#expected.set(expectation.recording, expectation.sha256);
  }

  list(): Recording[] {
    return [...this.#kept.values()].map((kept) => this.#recordingOf(kept));
  }

  find(recordingId: string): Recording | undefined {
    for (const kept of this.#kept.values()) {
      if (recordingIdOf(kept.object.key) === recordingId) return this.#recordingOf(kept);
    }
    return undefined;
  }

  /** Resolves when every verdict is in. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  async #judge(kept: Kept): Promise<void> {
    const { fileOf, findKey, clock } = this.#options;
    const { key } = kept.object;
    try {
      kept.verdict = await judge({
        file: fileOf(key),
        fileName: basename(key),
        findKey,
        nowMs: clock.now(),
      });
    } catch (error) {
      const problems = [`the simulator could not judge it: ${String(error)}`];
      kept.verdict = { ok: false, problems, metadata: undefined, audio: undefined };
    }
  }

  #recordingOf({ object, uploads, uploadedAtMs, verdict }: Kept): Recording {
    const recordingId = recordingIdOf(object.key);
    const problems = verdict && [...verdict.problems, ...this.#surprises(recordingId, verdict)];
    return {
      fileName: basename(object.key),
      recordingId,
      uploadKey: object.key,
      sizeBytes: object.sizeBytes,
      md5: object.md5,
      uploads,
      uploadedAt: new Date(uploadedAtMs).toISOString(),
      verdict: problems ? { ok: problems.length === 0, problems } : null,
      metadata: verdict?.metadata ?? null,
      audio: verdict?.audio ?? null,
    };
  }

  #surprises(recordingId: string, { audio, metadata }: Verdict): string[] {
    const byName = this.#expected.get(metadata?.audio.originalFileName ?? '');
    const expected = this.#expected.get(recordingId) ?? byName;
    return expected === undefined || expected === audio?.sha256
      ? []
      : ['audio: not the file that was recorded'];
  }
}

function recordingIdOf(key: string): string {
  return basename(key, '.zip');
}
