import { readFile } from 'node:fs/promises';

export type FollowedFileOptions = {
  readonly path: string;
  /** What was read at the start. */
  readonly known: string;
  /** Gets a text that differs from the one before, and a text again after it could not be read. */
  readonly onText: (text: string) => void;
  readonly onUnreadable: () => void;
  readonly everyMs?: number;
};

/** Two looks and what lies between them stay below the 5 s of docs/design/CONTRACTS.md#17-clarifications-to-10-to-15 (8). */
const defaultEveryMs = 1_500;

/**
 * Reads a small file again and again and tells when it changes; symbolic links that are moved to another file, as
 * Kubernetes does it, are nothing special that way. A text counts when two looks found the same: an editor writes a
 * file in pieces.
 * @returns stops it
 */
export function followFile(options: FollowedFileOptions): () => void {
  let told: string | undefined = options.known;
  let before: string | undefined = options.known;
  let isStopped = false;

  async function check(): Promise<void> {
    const now = await readFile(options.path, 'utf8').catch(() => undefined);
    const isSettled = now === before;
    before = now;
    if (isStopped || !isSettled || now === told) return;
    told = now;
    if (now === undefined) options.onUnreadable();
    else options.onText(now);
  }

  let checking: Promise<void> | undefined;
  const timer = setInterval(() => {
    // A file system that hangs gets one look at a time.
    checking ??= check().finally(() => (checking = undefined));
  }, options.everyMs ?? defaultEveryMs);
  timer.unref();
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
