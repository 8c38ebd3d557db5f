import { Session } from 'node:inspector/promises';

/** Tells whether something ran through the program in a way that nothing did before: V8 counts its blocks. */
export class Coverage {
  readonly #session = new Session();
  readonly #file: string;
  readonly #seen = new Set<string>();

  /** @param file only what lies in this script counts */
  private constructor(file: string) {
    this.#file = file;
  }

  static async start(file: string): Promise<Coverage> {
    const coverage = new Coverage(file);
    coverage.#session.connect();
    await coverage.#session.post('Profiler.enable');
    await coverage.#session.post('Profiler.startPreciseCoverage', {
      callCount: true,
      detailed: true,
    });
    return coverage;
  }

  /** Different ways through functions so far. */
  get size(): number {
    return this.#seen.size;
  }

  /** Whether there was a new way since the last look: a function of which other blocks than ever before were left out. */
  async isNew(): Promise<boolean> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const before = this.#seen.size;
    for (const { url, functions } of result) {
      if (!url.endsWith(this.#file)) continue;
      for (const { ranges } of functions) {
        const [first, ...inner] = ranges;
        if (first === undefined || first.count === 0) continue;
        const leftOut = inner.filter(({ count }) => count === 0).map((one) => one.startOffset);
        this.#seen.add(`${first.startOffset} ${leftOut.join(' ')}`);
      }
    }
    return this.#seen.size > before;
  }
}
