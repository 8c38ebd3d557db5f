import { drive } from './drive.js';
import { metadataScenarios } from './metadata-scenarios.js';
import { scenarios } from './scenarios.js';
import { told } from './told.js';

/** Ends of one instant may come in any order among themselves (docs/design/CONVERSATIONS.md#8-clarifications (3)). */
function anyOrder(lines: readonly string[]): string[] {
  const time = (line: string) => line.split(' ', 1)[0];
  const isEnd = (line: string) => line.includes(' ended ');
  return lines.toSorted((left, right) =>
    isEnd(left) && isEnd(right) && time(left) === time(right) ? (left < right ? -1 : 1) : 0,
  );
}

describe('GC is told of', () => {
  it.each([...scenarios, ...metadataScenarios])('$name', ({ feed, how, told: expected }) => {
    expect(anyOrder(told(drive(feed, how).events))).toEqual(anyOrder(expected));
  });

  it.each(scenarios)('$name, event by event as it is from the whole feed', ({ feed, how }) => {
    const { events } = drive(feed, { ...how, live: true });
    expect(anyOrder(told(events))).toEqual(anyOrder(told(drive(feed, how).events)));
  });
});
