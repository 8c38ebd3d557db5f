import { readCallEvents } from './call-event-body.js';
import { readMetadataBody } from './metadata-body.js';

/** A body of this size with as many small items as fit into it. */
function bodyOf(sizeMib: number, [before, after]: readonly [string, string]): Buffer {
  const items = '0,'.repeat((sizeMib * 1024 * 1024) / 2 - 10);
  return Buffer.from(`${before}${items}0${after}`);
}

/** By how much the heap grows meanwhile, MiB. */
function heapGrowthMib(work: () => void): number {
  const before = process.memoryUsage().heapUsed;
  work();
  return (process.memoryUsage().heapUsed - before) / 1024 / 1024;
}

it('makes nothing of too many call events', () => {
  const body = bodyOf(5, ['[', ']']);
  const growthMib = heapGrowthMib(() => {
    expect(readCallEvents(body, 'json')).toMatchObject({ accepted: [], tooLarge: true });
  });
  expect(growthMib).toBeLessThan(100);
});

it.each([
  ['[', ']'],
  ['{"mediaFiles":[', ']}'],
])('makes nothing of too many media files in %s %s', (...around) => {
  const body = bodyOf(1, around);
  const growthMib = heapGrowthMib(() => {
    expect(readMetadataBody(body)).toMatchObject({ accepted: [], tooLarge: true });
  });
  expect(growthMib).toBeLessThan(20);
});
