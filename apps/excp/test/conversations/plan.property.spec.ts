import fc from 'fast-check';
import { communicationIdOfLeg, eventKey, legKey } from '../../src/conversations/journal/journal.js';
import {
  callEventKinds,
  callTypes,
  partyStates,
  type CallEvent,
  type LogEntry,
} from '../../src/interaction/index.js';
import { Driver } from './drive.js';
import { t } from './feed.js';

const optional = <T>(values: readonly T[]) =>
  fc.option(fc.constantFrom(...values), { nil: undefined });

/** Few values for each field, so that times, DNs, queues and parents collide all the time. */
const anyEvent: fc.Arbitrary<CallEvent> = fc.record({
  eventId: fc.stringMatching(/^[a-z]{1,2}$/),
  event: fc.constantFrom(...callEventKinds),
  timeMs: fc.integer({ min: 0, max: 24 }).map((half) => t(half / 20)),
  callUUID: fc.constantFrom('A', 'A', 'B', 'C'),
  callType: optional(callTypes),
  parentCallUUID: optional(['A', 'B', 'D']),
  thisDN: optional(['7105', '7201', 'Trunk_1', 'IVR_1']),
  thisQueue: optional(['VQ_TechSupport', 'VQ_Sales', 'VQ_Unknown']),
  thirdPartyDN: optional(['7105', '7201']),
  agentId: optional(['agent7105', 'agent7201', 'agent9901']),
  partyType: optional(['agent', 'trunk', 'other'] as const),
  partyState: optional(partyStates),
  ctrlParty: optional(['7105', 'Trunk_1']),
});

const anySegment = fc
  .record({
    mediaId: fc.stringMatching(/^[a-c]\.opus$/),
    callUUID: fc.constantFrom('A', 'B'),
    start: fc.integer({ min: 0, max: 12 }),
    steps: fc.integer({ min: 1, max: 12 }),
    recordDN: optional(['7105', '7201', '7999', 'Trunk_1']),
    agentId: optional(['agent7105', 'agent7201']),
  })
  .map(({ start, steps, ...rest }) => ({
    ...rest,
    ...{ source: 'mcp' as const, startMs: t(start / 10), stopMs: t((start + steps) / 10) },
    ...{ durationMs: steps * 1_000, parameters: {}, masks: [], history: [], raw: {} },
  }));

const anyEntry: fc.Arbitrary<LogEntry> = fc.oneof(
  { weight: 8, arbitrary: anyEvent.map((event) => ({ kind: 'event' as const, event })) },
  { weight: 1, arbitrary: anySegment.map((segment) => ({ kind: 'segment' as const, segment })) },
);

/** Entries in any order of arrival, some twice, with looks in between. */
const anyArrival = fc.array(fc.tuple(anyEntry, fc.boolean()), { minLength: 1, maxLength: 40 });

type Told = {
  readonly communicationId?: string;
  readonly initialConfiguration?: { readonly invitedBy?: string };
} & Readonly<Record<string, unknown>>;

function check(driver: Driver): void {
  const { journal, events, plan } = driver;
  const keys = journal.events.map(eventKey);
  expect(new Set(keys).size).toBe(keys.length);
  const ids = journal.legs.map(communicationIdOfLeg);
  expect(new Set(ids).size).toBe(ids.length);
  const opened = new Map<string, number>();
  const ended = new Set<string>();
  const times = new Set<string>();
  for (const { entry, json } of events) {
    const { conversation, kind, leg, atMs } = entry;
    const event = JSON.parse(json) as Told;
    const time = `${conversation}/${atMs}`;
    expect(times.has(time)).toBe(false);
    times.add(time);
    const key = leg === null ? undefined : legKey({ conversation, index: leg });
    const place = `${conversation}/${event.communicationId}`;
    if (kind.endsWith('Established')) expect(opened.has(place)).toBe(false);
    else if (event.communicationId !== undefined) expect(opened.has(place)).toBe(true);
    const references = Object.entries(event)
      .filter(([field]) => /(initiating|target|object|destination)CommunicationId/.test(field))
      .map(([, id]) => String(id));
    const invitedBy = event.initialConfiguration?.invitedBy;
    for (const id of [...references, ...(invitedBy === undefined ? [] : [invitedBy])]) {
      expect(opened.has(`${conversation}/${id}`)).toBe(true);
    }
    if (key === undefined) continue;
    expect(ended.has(key)).toBe(false);
    if (event.communicationId !== undefined) {
      expect(atMs).toBeGreaterThan(opened.get(place) ?? -Infinity);
      opened.set(place, atMs);
    }
    if (kind === 'communicationEnded') ended.add(key);
  }
  // Every leg that was opened is ended, and every recording has one.
  expect(ended.size).toBe(journal.legs.length);
  const recorded = plan?.named.flatMap((leg) =>
    leg.recordings.map(({ mediaId }) => ({ mediaId, id: leg.communicationId })),
  );
  const media = driver.entries.flatMap((one) =>
    one.kind === 'segment' ? [one.segment.mediaId] : [],
  );
  expect(new Set(recorded?.map(({ mediaId }) => mediaId))).toEqual(new Set(media));
  for (const { id } of recorded ?? []) expect(ids).toContain(id);
}

const recorded = {
  source: 'mcp',
  durationMs: 1_000,
  parameters: {},
  masks: [],
  history: [],
  raw: {},
} as const;
const times = { startMs: t(0.1), stopMs: t(0.2) };
const b = { mediaId: 'b.opus', callUUID: 'B', recordDN: '7105', agentId: 'agent7105', ...times };
const a = { ...b, mediaId: 'a.opus', recordDN: undefined, startMs: t(0), stopMs: t(0.1) };
const created = { event: 'EventCallCreated', callUUID: 'A', parentCallUUID: 'B' } as const;

/** Two recordings of a call that events name as a parent, and nothing else of it. */
const longerThanEvents: readonly LogEntry[] = [
  { kind: 'segment', segment: { ...recorded, ...a } },
  { kind: 'event', event: { ...created, eventId: 'a', timeMs: t(0) } },
  { kind: 'segment', segment: { ...recorded, ...b } },
];

it('holds for any feed, in any order, with looks at any time', () => {
  fc.assert(
    fc.property(anyArrival, (arrival) => {
      const driver = new Driver();
      let nowMs = t(2);
      let told = 0;
      for (const [entry, isCheck] of arrival) {
        driver.take(entry);
        nowMs += 400;
        if (!isCheck) continue;
        const before = driver.journal.events.slice(0, told);
        driver.check(nowMs, nowMs - 100);
        // What was told stays told.
        expect(driver.journal.events.slice(0, told)).toEqual(before);
        told = driver.journal.events.length;
      }
      driver.check(nowMs + 5_000, nowMs, true);
      const { length } = driver.events;
      driver.check(nowMs + 9_000, nowMs, true);
      expect(driver.events).toHaveLength(length);
      check(driver);
    }),
    { numRuns: 150, examples: [[longerThanEvents.map((entry) => [entry, false])]] },
  );
});
