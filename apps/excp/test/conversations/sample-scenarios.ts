import {
  callEventsOf,
  callIds,
  compileScenario,
  metadataBody,
  sampleCalls,
  sampleHybridIntegration,
  usualForm,
  type CompiledScenario,
} from '@exrec/simulator';
import { readCallEvents, readMetadataBody } from '../../src/collect/index.js';
import { isInScope, segmentsInScope } from '../../src/conversations/planning/in-scope.js';
import {
  foldInteraction,
  type CallEvent,
  type SegmentMetadata,
} from '../../src/interaction/index.js';
import { readHybridIntegration } from '../../src/rules/read-hybrid-integration.js';
import type { DriveOptions } from './drive.js';
import { t0 } from './feed.js';

/** A sample call of the player as EXCP gets to know it. */
export type SampleScenario = {
  readonly name: string;
  readonly feed: readonly CallEvent[];
  readonly how: DriveOptions;
  /** GC is told nothing of the others. */
  readonly isInScope: boolean;
};

/** Ids and times are the same in every run. */
export const sampleScenarios: readonly SampleScenario[] = sampleCalls().map((call) => {
  const compiled = compileScenario(call, { ids: callIds(call.name), startMs: t0 });
  const feed = call.callEvents?.form === 'none' ? [] : eventsOf(compiled);
  const segments = compiled.segments.flatMap(segmentOf);
  return {
    name: call.name,
    feed,
    how: { segments, live: true },
    isInScope: isTold(feed, segments),
  };
});

/** Both as they come over the wire. */
function eventsOf({ calls }: CompiledScenario): readonly CallEvent[] {
  return readCallEvents(bytes(callEventsOf(calls)), 'json').accepted;
}

function segmentOf({
  segment,
  behaviour,
}: CompiledScenario['segments'][number]): readonly SegmentMetadata[] {
  const file = { sizeBytes: 240_000, uri: `http://127.0.0.1/${segment.mediaId}` };
  const form = { ...usualForm, ...behaviour.form };
  return readMetadataBody(bytes(metadataBody(segment, file, form))).accepted;
}

function isTold(feed: readonly CallEvent[], segments: readonly SegmentMetadata[]): boolean {
  const reading = readHybridIntegration(sampleHybridIntegration());
  if (!reading.ok) throw new Error('the sample file cannot be read');
  const { syncScope } = reading.settings;
  const interaction = foldInteraction([
    ...feed.map((event) => ({ kind: 'event' as const, event })),
    ...segments.map((segment) => ({ kind: 'segment' as const, segment })),
  ]);
  const rules = { keyNames: { queueParameter: 'queue' }, syncScope };
  return isInScope(interaction, rules) || segmentsInScope(interaction, rules).length > 0;
}

function bytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
