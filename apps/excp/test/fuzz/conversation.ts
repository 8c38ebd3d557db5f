import { foldInteraction, type LogEntry } from '../../src/interaction/index.js';
import { Driver } from '../conversations/drive.js';

/** What EXCP makes of whatever it took: nothing of it may be a surprise. */
export function useAll(entries: readonly LogEntry[]): void {
  if (entries.length === 0) return;
  const interaction = foldInteraction(entries);
  const lastMs = Math.max(...entries.map(timeOf));
  const driver = new Driver();
  driver.take(...entries);
  driver.check(lastMs + 1_000);
  driver.check(lastMs + 60_000, lastMs, true);
  JSON.stringify([interaction, driver.events]);
}

function timeOf(entry: LogEntry): number {
  return entry.kind === 'event' ? entry.event.timeMs : entry.segment.stopMs;
}
