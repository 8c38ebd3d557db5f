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

/** The dependencies of a service by name, asked whenever readiness is asked. */
export class Health {
  readonly #checks = new Map<string, Check>();
  #phase: 'starting' | 'running' | 'draining' = 'starting';

  addCheck(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  /** A standing remark, e.g. an unsafe setting: ready, but degraded. */
  warn(name: string, degraded: string): void {
    this.#checks.set(name, () => ({ degraded }));
  }

  enter(phase: 'running' | 'draining'): void {
    this.#phase = phase;
  }

  async readiness(): Promise<Readiness> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await runCheck(check)] as const),
    );
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
