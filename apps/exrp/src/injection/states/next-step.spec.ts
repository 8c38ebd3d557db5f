import { nextStep, type Circumstances } from './next-step.js';

const at = (overrides: Partial<Circumstances> = {}): Circumstances => ({
  nowMs: 1_000_000,
  attempts: 1,
  audioDeadlineAtMs: 2_000_000_000,
  jitter: 0,
  ...overrides,
});
const later = (code: string, retryAfterMs?: number) => ({
  code,
  retry: 'later' as const,
  retryAfterMs,
});

function delay(circumstances: Circumstances, retryAfterMs?: number): number {
  const step = nextStep(later('gc-unavailable', retryAfterMs), circumstances);
  return step.state === 'waiting' ? step.nextTryAtMs - circumstances.nowMs : NaN;
}

describe('nextStep', () => {
  it('tries again after 1 s first, then twice as late each time, never more than 5 min apart', () => {
    const delays = [1, 2, 3, 4, 9, 10, 50, 5_000].map((attempts) => delay(at({ attempts })));
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 240_000, 240_000, 240_000, 240_000]);
    expect(delay(at({ attempts: 50, jitter: 1 }))).toBe(300_000);
  });

  it('spreads retries by jitter', () => {
    expect(delay(at({ jitter: 1 }))).toBe(1_250);
  });

  it('brings ten thousand that failed in the same moment back over a whole minute', () => {
    const perSecond = new Map<number, number>();
    for (let n = 0; n < 10_000; n += 1) {
      const second = Math.floor(delay(at({ attempts: 20, jitter: n / 10_000 })) / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(perSecond.size).toBe(60);
    expect(Math.max(...perSecond.values())).toBeLessThan(200);
  });

  it('obeys a Retry-After, also a long one', () => {
    expect(delay(at(), 17_000)).toBe(17_000);
    expect(delay(at(), 900_000)).toBe(900_000);
  });

  it('never retries what no retry mends', () => {
    const failure = { code: 'gc-rejected', retry: 'never' as const, retryAfterMs: undefined };
    expect(nextStep(failure, at())).toEqual({ state: 'failed' });
  });

  it.each(['audio-missing', 'audio-incomplete'])(
    'gives %s up at the deadline, with a last look at it',
    (code) => {
      const deadline = { audioDeadlineAtMs: 1_000_500 };
      expect(nextStep(later(code), at(deadline))).toEqual({
        state: 'waiting',
        nextTryAtMs: 1_000_500,
      });
      expect(nextStep(later(code), at({ ...deadline, nowMs: 1_000_500 }))).toEqual({
        state: 'failed',
      });
    },
  );

  it.each(['gc-unavailable', 'no-key', 'storage-unavailable'])(
    'waits for %s beyond the deadline',
    (code) => {
      expect(nextStep(later(code), at({ audioDeadlineAtMs: 0 })).state).toBe('waiting');
    },
  );
});
