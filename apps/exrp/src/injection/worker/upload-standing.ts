/** Causes that are about one file: they say nothing of whether uploads work. */
const ofOneFile = /^(audio-|poison$|gc-rejected$|metadata-|record-)/;
const tolerableMs = 10 * 60_000;

/** Whether uploads of this instance work at all (docs/design/CONTRACTS.md#15-every-service-in-addition-to-7): what fails one after the other is no matter of a recording. */
export class UploadStanding {
  readonly #now: () => number;
  #failing: { readonly sinceMs: number; cause: string; detail: string } | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  succeeded(): void {
    this.#failing = undefined;
  }

  failed(cause: string, detail = ''): void {
    if (ofOneFile.test(cause)) return;
    this.#failing = { sinceMs: this.#failing?.sinceMs ?? this.#now(), cause, detail };
  }

  /** For `ready`. */
  check(): { readonly degraded: string } | undefined {
    if (this.#failing === undefined) return undefined;
    const { sinceMs, cause, detail } = this.#failing;
    if (this.#now() - sinceMs < tolerableMs) return undefined;
    const since = new Date(sinceMs).toISOString();
    return { degraded: `no upload has succeeded since ${since}: ${cause} ${detail}`.trim() };
  }
}
