import { decidePull, type PullFacts } from './pull-decision.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const startedAtMs = Date.parse('2026-03-02T09:15:00Z');
const deadlineMs = 6 * hourMs;
const failure = {};

function decide(facts: Partial<PullFacts> & { readonly afterMs?: number }) {
  const { afterMs = 1000, ...rest } = facts;
  return decidePull({
    ...{ attempts: 0, startedAtMs, nowMs: startedAtMs + afterMs, deadlineMs },
    ...{ staysAnswered: 1, staysRecorded: 0, hasRecording: true, random: 0, ...rest },
  });
}

describe('outcome', () => {
  it.each<[string, Parameters<typeof decide>[0], string]>([
    ['all are there', { staysAnswered: 2, staysRecorded: 2 }, 'complete'],
    ['more are there', { staysAnswered: 1, staysRecorded: 3 }, 'complete'],
    ['nobody was heard, something is there', { staysAnswered: 0, staysRecorded: 1 }, 'complete'],
    ['nothing is there', {}, 'again'],
    ['one of two is there', { staysAnswered: 2, staysRecorded: 1 }, 'again'],
    ['all are there, but RWS failed', { staysRecorded: 1, failure }, 'again'],
    ['nobody was heard, nothing is there', { staysAnswered: 0 }, 'again'],
    ['the same for 30 min', { staysAnswered: 0, afterMs: 30 * minuteMs }, 'complete'],
    ['the same, but RWS failed', { staysAnswered: 0, afterMs: hourMs, failure }, 'again'],
    [
      'the same, but RWS knows no such call',
      { staysAnswered: 0, hasRecording: false, afterMs: hourMs },
      'again',
    ],
    [
      'the same at the deadline',
      { staysAnswered: 0, hasRecording: false, afterMs: deadlineMs },
      'metadata-missing',
    ],
    ['it is just before the deadline', { afterMs: deadlineMs - 1 }, 'again'],
    ['the deadline has come', { afterMs: deadlineMs }, 'metadata-missing'],
    [
      'the same, one of two is there',
      { staysAnswered: 2, staysRecorded: 1, afterMs: deadlineMs },
      'metadata-missing',
    ],
    [
      'the same, all are there, but RWS failed',
      { staysRecorded: 1, failure, afterMs: deadlineMs },
      'complete',
    ],
    [
      'the same, nobody was heard, but RWS failed',
      { staysAnswered: 0, failure, afterMs: deadlineMs },
      'metadata-missing',
    ],
    ['the deadline is shorter than 30 min', { staysAnswered: 0, deadlineMs: 1000 }, 'complete'],
  ])('when %s', (_name, facts, expected) => {
    const outcome = decide(facts);
    expect(typeof outcome === 'string' ? outcome : 'again').toBe(expected);
  });
});

describe('pause', () => {
  const pauseMs = (facts: Parameters<typeof decide>[0]) => {
    const outcome = decide(facts);
    if (typeof outcome === 'string') throw new Error(outcome);
    return outcome.again - startedAtMs - 1000;
  };

  it.each([
    [0, 0, 5_000],
    [0, 1, 6_250],
    [1, 0, 10_000],
    [4, 0, 80_000],
    [6, 0, 320_000],
    [7, 0, 480_000],
    [7, 1, 600_000],
    [5_000, 1, 600_000],
  ])('after %d attempts, with %d of jitter, is %d ms', (attempts, random, expected) => {
    expect(pauseMs({ attempts, random })).toBe(expected);
  });

  it('is as long as RWS says, when that is longer', () => {
    expect(pauseMs({ failure: { retryAfterMs: 77_000 } })).toBe(77_000);
    expect(pauseMs({ failure: { retryAfterMs: 1_000 } })).toBe(5_000);
  });

  it('ends at the deadline, for a last try', () => {
    expect(pauseMs({ attempts: 9, deadlineMs: 20_000 })).toBe(19_000);
    expect(
      pauseMs({ attempts: 9, staysAnswered: 0, startedAtMs: startedAtMs - 25 * minuteMs }),
    ).toBe(5 * minuteMs - 1000);
  });
});
