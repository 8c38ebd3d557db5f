import type { RwsBehaviour } from './rws-behaviour.js';
import type { RwsRecording } from './rws-recording.js';

export type SearchQuery = {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offset: number;
  /** Rows on a page. */
  readonly limit: number;
};

export type SearchPage = {
  readonly rows: readonly RwsRecording[];
  /** Where the next page begins; absent on the last. */
  readonly nextOffset?: number;
};

type Shelved = {
  readonly recording: RwsRecording;
  readonly startMs: number;
  readonly stopMs: number;
};

/** The recordings, and how much of each has been shown. */
export class RecordingShelf {
  readonly #shelved = new Map<string, Shelved>();
  readonly #reads = new Map<string, number>();

  /** Adds recordings; one with a known id takes the place of the old. */
  put(recordings: readonly RwsRecording[]): void {
    for (const recording of recordings) {
      const { id, startTime, stopTime } = recording;
      const times = { startMs: timeMs(startTime), stopMs: timeMs(stopTime) };
      this.#shelved.set(id, { recording, ...times });
    }
  }

  /** The recording as this read shows it; undefined while it isn't there. */
  read(
    id: string,
    { notFoundReads, growsFrom }: Pick<RwsBehaviour, 'notFoundReads' | 'growsFrom'>,
  ): RwsRecording | undefined {
    const recording = this.#shelved.get(id)?.recording;
    if (recording === undefined) return undefined;
    const reads = this.#reads.get(id) ?? 0;
    this.#reads.set(id, reads + 1);
    if (reads < notFoundReads) return undefined;
    const shown = growsFrom + reads - notFoundReads;
    return { ...recording, mediaFiles: recording.mediaFiles.slice(0, shown) };
  }

  /** One page of the recordings in a window, oldest first; a full row counts as a read of that recording. */
  search({ fromMs, untilMs, offset, limit }: SearchQuery, behaviour: RwsBehaviour): SearchPage {
    const { window, listing, repeatsAcrossPages, growsFrom } = behaviour;
    const found = [...this.#shelved.values()]
      .filter(({ startMs, stopMs }) => {
        const lastMs = window === 'start' ? startMs : stopMs;
        return startMs <= untilMs && lastMs >= fromMs;
      })
      .sort((left, right) => left.startMs - right.startMs);
    const begin = repeatsAcrossPages ? Math.max(0, offset - 1) : offset;
    const end = begin + limit;
    const rows = found.slice(begin, end).map(({ recording }) => {
      if (listing === 'uris') return recording;
      return this.read(recording.id, { growsFrom, notFoundReads: 0 }) ?? recording;
    });
    return end < found.length ? { rows, nextOffset: end } : { rows };
  }
}

/** Epoch ms of `…Z`, `…+0000`, `…+00:00` or a number; NaN for anything else. */
export function timeMs(text: string): number {
  if (/^\d{12,}$/.test(text)) return Number(text);
  // `Date.parse` wants the colon that RWS leaves out.
  return Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}
