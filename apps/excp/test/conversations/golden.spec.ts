import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventsApi } from 'purecloud-platform-client-v2';
import { drive } from './drive.js';
import goldenSamples from './golden/sample-calls.json';
import golden from './golden/scenarios.json';
import { metadataScenarios } from './metadata-scenarios.js';
import { sampleScenarios } from './sample-scenarios.js';
import { scenarios } from './scenarios.js';
import { batchOf } from './told.js';

type Batch = Parameters<EventsApi['postEventsConversations']>[0];

// Checked by the compiler: what we send is what the official SDK would take.
const files = {
  'scenarios.json': golden satisfies Record<string, Batch>,
  'sample-calls.json': goldenSamples satisfies Record<string, Batch>,
};

const all = [...scenarios, ...metadataScenarios].map(({ name, feed, how }) => {
  return { file: 'scenarios.json' as const, name, batch: batchOf(drive(feed, how).events) };
});
const samples = sampleScenarios.map(({ name, feed, how, isInScope }) => {
  const batch = isInScope ? batchOf(drive(feed, how).events) : {};
  return { file: 'sample-calls.json' as const, name, batch };
});

if (process.env.UPDATE_GOLDEN !== undefined) {
  for (const [file, cases] of Object.entries({
    'scenarios.json': all,
    'sample-calls.json': samples,
  })) {
    const batches = Object.fromEntries(cases.map(({ name, batch }) => [name, batch]));
    writeFileSync(join(__dirname, 'golden', file), `${JSON.stringify(batches, null, 2)}\n`);
  }
}

it.each([...all, ...samples])('$name is byte for byte what it was', ({ file, name, batch }) => {
  const kept = Object.entries(files[file]).find(([known]) => known === name)?.[1];
  expect(JSON.stringify(batch)).toBe(JSON.stringify(kept));
});

it('has nothing that no scenario makes', () => {
  expect(Object.keys(golden)).toEqual(all.map(({ name }) => name));
  expect(Object.keys(goldenSamples)).toEqual(samples.map(({ name }) => name));
});
