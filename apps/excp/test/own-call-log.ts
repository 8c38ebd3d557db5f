import { ownRedis } from '@exrec/service-kit/testing';
import { dayMs } from '../src/call-log/call-log-keys.js';
import { CallLog, type CallLogOptions } from '../src/call-log/call-log.js';

export const keepMs = 3 * dayMs;

/** Call logs in a Redis of the test file's own, by a clock that is set right before each test and that tests move. */
export function ownCallLog() {
  const redis = ownRedis();
  const clock = { nowMs: 0 };
  beforeEach(() => void (clock.nowMs = Date.now()));
  const place = () => ({ redis: redis(), prefix: '{exrec}', keepMs, now: () => clock.nowMs });
  return {
    redis,
    clock,
    /** Where a call log is, for all else that reads it. */
    place,
    callLog: (options: Partial<CallLogOptions> = {}) =>
      new CallLog({
        ...place(),
        ...{ quietPeriodMs: 30_000, settleMs: 2_000, maxInteractionMs: dayMs / 2 },
        ...options,
      }),
    /** Calls that are to be looked at. */
    due: () => redis().zrangebyscore('{exrec}:due', '-inf', clock.nowMs),
  };
}
