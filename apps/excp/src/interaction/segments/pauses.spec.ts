import { at } from '../../../test/feed/feed.js';
import type { JsonValue } from '../feed/json-value.js';
import { pausesOf } from './pauses.js';

const pausesIn = (masks: readonly JsonValue[]) =>
  pausesOf({ masks, startMs: at(0), durationMs: 207_000 });

describe('pausesOf', () => {
  it.each<[string, JsonValue]>([
    [
      'points in time',
      { startTime: '2026-03-02T09:16:01Z', stopTime: '2026-03-02T09:16:16.000+0000' },
    ],
    ['a point in time and seconds', { start: '2026-03-02T09:16:01Z', duration: 15 }],
    ['seconds', { start: 61, stop: 76 }],
    ['decimal seconds as text', { startOffset: '61.0', endOffset: '76.0' }],
    ['milliseconds', { offset: 61_000, duration: 15_000 }],
    ['milliseconds by name', { offsetMs: 61_000, durationMs: 15_000 }],
    ['from and to', { from: 61, to: 76 }],
    ['begin and end', { begin: 61_000, end: 76_000 }],
  ])('reads a mask of %s', (_name, mask) => {
    expect(pausesIn([mask])).toEqual({
      annotations: [{ type: 'pause', offsetMs: 61_000, durationMs: 15_000 }],
      ignored: 0,
    });
  });

  it.each<[JsonValue, number, number]>([
    [{ start: 5_000, duration: 3_000 }, 5_000, 3_000],
    [{ start: 5_000, stop: 8_000 }, 5_000, 3_000],
    [{ start: 5_000, duration: 600 }, 5_000_000, 600_000],
    [{ start: 600, stop: 900 }, 600_000, 300_000],
  ])('reads the mask %j of a recording of four hours', (mask, offsetMs, durationMs) => {
    const { annotations } = pausesOf({ masks: [mask], startMs: at(0), durationMs: 14_400_000 });
    expect(annotations).toEqual([{ type: 'pause', offsetMs, durationMs }]);
  });

  it('decides the unit once for all masks of a recording', () => {
    expect(
      pausesIn([
        { start: 100, stop: 200 },
        { start: 100_000, stop: 200_000 },
      ]).annotations,
    ).toEqual([
      { type: 'pause', offsetMs: 100, durationMs: 100 },
      { type: 'pause', offsetMs: 100_000, durationMs: 100_000 },
    ]);
  });

  it('cuts pauses to the recording and puts them in order', () => {
    const masks = [
      { startMs: 200_000, stopMs: 300_000 },
      { start: '2026-03-02T09:14:50Z', stop: '2026-03-02T09:15:10Z' },
    ];
    expect(pausesIn(masks).annotations).toEqual([
      { type: 'pause', offsetMs: 0, durationMs: 10_000 },
      { type: 'pause', offsetMs: 200_000, durationMs: 7000 },
    ]);
  });

  it('leaves out and counts what it cannot understand', () => {
    const masks = [
      null,
      5,
      [1, 2],
      {},
      { start: 1 },
      { start: 'x', stop: 'y' },
      { startMs: 9, stopMs: 3 },
      { startMs: 300_000, durationMs: 5 },
      { start: NaN, stop: 1 },
      { start: -5, stop: 2 },
    ];
    expect(pausesIn(masks)).toEqual({ annotations: [], ignored: masks.length });
  });

  it('looks at no more than 1000 masks', () => {
    const { annotations, ignored } = pausesIn(
      Array.from({ length: 1500 }, () => ({ startMs: 1, stopMs: 2 })),
    );
    expect([annotations.length, ignored]).toEqual([1000, 500]);
  });
});
