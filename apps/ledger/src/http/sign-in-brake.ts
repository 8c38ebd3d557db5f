import { HttpProblem } from '@exrec/service-kit';

const windowMs = 60_000;
const mostWrong = 10;
/** Addresses remembered at once; more of them guess at the same time, and all wait together. */
const mostAddresses = 10_000;

/** Whoever guesses tokens is slowed down: ten wrong ones from an address within a minute, and it has to wait. */
export class SignInBrake {
  readonly #wrong = new Map<string, number[]>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @throws HttpProblem 429 */
  check(address: string): void {
    const [first] = this.#recent(address);
    if (first === undefined || this.#recent(address).length < mostWrong) return;
    const waitSeconds = Math.ceil((first + windowMs - this.#now()) / 1000);
    throw new HttpProblem(429, {
      detail: 'too many wrong tokens',
      headers: { 'retry-after': String(Math.max(1, waitSeconds)) },
    });
  }

  recordWrong(address: string): void {
    if (this.#wrong.size >= mostAddresses) this.#wrong.clear();
    this.#wrong.set(address, [...this.#recent(address), this.#now()].slice(-mostWrong));
  }

  #recent(address: string): number[] {
    const since = this.#now() - windowMs;
    return (this.#wrong.get(address) ?? []).filter((at) => at > since);
  }
}
