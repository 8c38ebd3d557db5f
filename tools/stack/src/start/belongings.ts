import { startGuard } from './guard.js';
import type { Program } from './processes.js';
import { CannotGoOn } from '../words.js';

type Stopper = () => Promise<void> | void;

/** Everything this run has started, so that it is stopped whatever happens: in the reverse order. */
export class Belongings {
  readonly #guard = startGuard();
  readonly #programs: Program[] = [];
  /** Each layer is stopped as one; what was started last goes first. */
  readonly #layers: Stopper[] = [];
  #stopping: Promise<void> | undefined;

  /** Takes over programs that are stopped side by side. */
  addPrograms(...programs: readonly Program[]): void {
    for (const { pid } of programs) this.#guard.watch(pid);
    this.#programs.push(...programs);
    this.add(async () => {
      await Promise.all(programs.map((program) => program.stop()));
    });
  }

  /** @throws CannotGoOn when everything is being stopped already; then this is stopped at once, too */
  add(stop: Stopper): void {
    if (this.#stopping === undefined) {
      this.#layers.push(stop);
      return;
    }
    void stop();
    throw new CannotGoOn('Stopped before everything was up.');
  }

  get programs(): readonly Program[] {
    return this.#programs;
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  /** For somebody who can't wait. */
  kill(): void {
    for (const program of this.#programs) program.kill();
  }

  async #stopAll(): Promise<void> {
    for (let stop = this.#layers.pop(); stop !== undefined; stop = this.#layers.pop()) await stop();
    this.#guard.dismiss();
  }
}
