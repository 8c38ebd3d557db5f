import { isNativeError } from 'node:util/types';

export type CheckResult =
  { readonly status: 'up' } | { readonly status: 'degraded' | 'down'; readonly reason: string };

export type Readiness = {
  readonly status: 'ready' | 'degraded' | 'not-ready';
  readonly checks: Readonly<Record<string, CheckResult>>;
};

/** A check passes, says in what way it is degraded, or throws the reason why it is down. */
export type Check = () =>
  Promise<{ readonly degraded: string } | undefined> | { readonly degraded: string } | undefined;

const checkTimeoutMs = 1_500;
/** What was known so long ago is still good enough: whoever asks often must not make the dependencies work. */
const freshMs = 1_000;

type Results = readonly (readonly [string, CheckResult])[];

/** The dependencies of a service by name, asked when readiness is asked, at most once a second. */
export class Health {
  readonly #checks = new Map<string, Check>();
  #known: { readonly atMs: number; readonly results: Promise<Results> } | undefined;
  readonly #onDraining: (() => void)[] = [];
  #phase: 'starting' | 'running' | 'draining' = 'starting';

  addCheck(name: string, check: Check): void {
    this.#checks.set(name, check);
    this.#known = undefined;
  }

  /** A standing remark, e.g. an unsafe setting: ready, but degraded. */
  warn(name: string, degraded: string): void {
    this.addCheck(name, () => ({ degraded }));
  }

  enter(phase: 'running' | 'draining'): void {
    this.#phase = phase;
    if (phase === 'draining') for (const listener of this.#onDraining.splice(0)) listener();
  }

  /** What has to end as soon as the service drains, e.g. an answer that would go on for ever. */
  onDraining(listener: () => void): void {
    this.#onDraining.push(listener);
  }

  async readiness(): Promise<Readiness> {
    const nowMs = performance.now();
    if (this.#known === undefined || nowMs - this.#known.atMs >= freshMs)
      this.#known = { atMs: nowMs, results: this.#runChecks() };
    const results = [...(await this.#known.results)];
    if (this.#phase !== 'running') {
      results.push(['service', { status: 'down', reason: `the service is ${this.#phase}` }]);
    }
    const statuses = results.map(([, result]) => result.status);
    const worst = statuses.includes('down')
      ? 'not-ready'
      : statuses.includes('degraded')
        ? 'degraded'
        : 'ready';
    return { status: worst, checks: Object.fromEntries(results) };
  }

  #runChecks(): Promise<Results> {
    return Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await runCheck(check)] as const),
    );
  }
}

async function runCheck(check: Check): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${checkTimeoutMs} ms`)),
      checkTimeoutMs,
    );
  });
  try {
    const remark = await Promise.race([Promise.resolve().then(check), tooSlow]);
    return remark === undefined
      ? { status: 'up' }
      : { status: 'degraded', reason: remark.degraded };
  } catch (error) {
    return { status: 'down', reason: isNativeError(error) ? error.message : 'failed' };
  } finally {
    clearTimeout(timer);
  }
}
