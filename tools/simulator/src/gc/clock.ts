/** The simulator's time. It may be set wrong on purpose: its `Date` header and every expiry follow it. */
export class Clock {
  /** Added to the machine's time. Milliseconds. */
  offsetMs = 0;

  /** Epoch milliseconds. */
  now(): number {
    return Date.now() + this.offsetMs;
  }
}
