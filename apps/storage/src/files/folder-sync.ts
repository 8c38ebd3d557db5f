import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const syncFile = promisify(fsync);

/**
 * Makes names durable: `sync` resolves when the disk has every name that was in the folder when it was called, so that
 * an answered change outlives a power cut. Those who ask while the disk is busy share the next turn: with many
 * uploads at once the disk is asked once for several of them.
 */
export class FolderSync {
  readonly #turns = new Map<string, Turns>();

  async sync(dir: string): Promise<void> {
    const turns = this.#turns.get(dir) ?? { present: undefined, next: undefined };
    this.#turns.set(dir, turns);
    turns.next ??= this.#afterPresent(dir, turns);
    return turns.next;
  }

  /** The present turn may have begun before the caller's change: it does not count for them. */
  async #afterPresent(dir: string, turns: Turns): Promise<void> {
    await turns.present?.catch(() => undefined);
    const turn = syncFolder(dir);
    turns.present = turn;
    turns.next = undefined;
    try {
      await turn;
    } finally {
      if (isOver(turns, turn)) this.#turns.delete(dir);
    }
  }
}

/** The turn that has begun last, and the one that has not begun. */
type Turns = { present: Promise<void> | undefined; next: Promise<void> | undefined };

/** Nobody has asked since, and no other turn has begun. */
function isOver({ present, next }: Turns, turn: Promise<void>): boolean {
  return present === turn && next === undefined;
}

/** Opened and closed at once: a folder in which something was just renamed is known to the kernel. */
async function syncFolder(dir: string): Promise<void> {
  const descriptor = openSync(dir, 'r');
  try {
    await syncFile(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
