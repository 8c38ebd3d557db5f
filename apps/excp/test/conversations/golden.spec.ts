import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventsApi } from 'purecloud-platform-client-v2';
import { drive } from './drive.js';
import golden from './golden/scenarios.json';
import { metadataScenarios } from './metadata-scenarios.js';
import { scenarios } from './scenarios.js';
import { batchOf } from './told.js';

type Batch = Parameters<EventsApi['postEventsConversations']>[0];

// Checked by the compiler: what we send is what the official SDK would take.
const typed = golden satisfies Record<string, Batch>;

const all = [...scenarios, ...metadataScenarios];
const batches = Object.fromEntries(
  all.map(({ name, feed, how }) => [name, batchOf(drive(feed, how).events)]),
);

if (process.env.UPDATE_GOLDEN !== undefined)
  writeFileSync(join(__dirname, 'golden', 'scenarios.json'), JSON.stringify(batches, null, 2));

it.each(all)('$name is byte for byte what it was', ({ name }) => {
  expect(batches[name]).toEqual(Object.entries(typed).find(([known]) => known === name)?.[1]);
});
