import fc from 'fast-check';
import { at, consultCall, event, log, rootCall, segment, stay } from '../../../test/feed/feed.js';
import { partyStates, type CallEvent } from '../feed/call-event.js';
import { foldInteraction, type Settled } from '../fold.js';
import type { Interaction, LogEntry, Pin, PresenceName } from '../interaction.js';
import { attributeSegments } from '../segments/segments.js';

const names = { queueParameter: 'queue', languageKey: 'language_code' };
const pin = (ordinal: number, startsAt: number, rest: Partial<Pin> = {}): Pin => ({
  ...{ callUUID: rootCall, dn: '7105', ordinal, startMs: at(startsAt), rootCallUUID: rootCall },
  ...rest,
});
const keyOf = ({ callUUID, dn, ordinal }: PresenceName) => `${callUUID}/${dn}/${ordinal}`;

describe('ids that were told', () => {
  const ordinals = (events: readonly CallEvent[], pins: readonly Pin[]) =>
    foldInteraction(log(events), { pins }).parties.map(({ addedAtMs, ordinal }) => [
      (addedAtMs - at(0)) / 1000,
      ordinal,
    ]);

  it('stay when an earlier stay is learnt of late, which gets the next free number', () => {
    const events = [...stay('7105', [5, 6, 40]), ...stay('7105', [60, 61, 99])];
    expect(ordinals(events, [pin(1, 60)])).toEqual([
      [5, 2],
      [60, 1],
    ]);
    expect(ordinals(events, [pin(2, 60)])).toEqual([
      [5, 1],
      [60, 2],
    ]);
  });

  it('stay when the beginning turns out to be another, and go to the nearest stay', () => {
    const events = [...stay('7105', [5, 6, 40]), ...stay('7105', [59, 61, 99])];
    expect(ordinals(events, [pin(1, 60), pin(3, 6)])).toEqual([
      [5, 3],
      [59, 1],
    ]);
  });

  it('are given once, though EXRP and GC were told of the stay with two beginnings', () => {
    const events = [...stay('7105', [5, 6, 40]), ...stay('7105', [60, 61, 99])];
    expect(ordinals(events, [pin(1, 60), pin(1, 61)])).toEqual([
      [5, 2],
      [60, 1],
    ]);
  });

  it('keep a call under the conversation in which it was told, though a link comes later', () => {
    const events = [
      event('EventCallCreated', 0),
      ...stay('7105', [5, 6, 99]),
      event('EventCallCreated', 30, { callUUID: consultCall, parentCallUUID: rootCall }),
      ...stay('7200', [31, 32, 60], { callUUID: consultCall }),
    ];
    const pins = [pin(1, 31, { callUUID: consultCall, dn: '7200', rootCallUUID: consultCall })];
    const segments = [
      segment('a.opus', [6, 99], { recordDN: '7105' }),
      segment('b.opus', [32, 60], { recordDN: '7200', callUUID: consultCall }),
    ];
    const interaction = foldInteraction(log(events, segments), { pins });
    expect(interaction.flags).toEqual(['several-roots']);
    const roots = attributeSegments(interaction, names).map((told) => told.conversationRoot);
    expect(roots).toEqual([rootCall, consultCall]);
  });
});

/** A feed in which stays of few DNs on few calls collide all the time. */
const anyEvent: fc.Arbitrary<CallEvent> = fc.record({
  eventId: fc.uuid(),
  event: fc.constantFrom(
    'EventCallCreated',
    'EventCallPartyAdded',
    'EventCallPartyState',
    'EventCallPartyDeleted',
    'EventCallDeleted',
  ),
  timeMs: fc.integer({ min: 0, max: 40 }).map(at),
  callUUID: fc.constantFrom('A', 'B'),
  parentCallUUID: fc.constantFrom(undefined, 'A', 'C'),
  thisDN: fc.constantFrom('7105', '7200'),
  partyState: fc.constantFrom(...partyStates),
});
const anySegment = fc
  .record({
    mediaId: fc.constantFrom('1', '2', '3', '4', '5'),
    callUUID: fc.constantFrom('A', 'B'),
    recordDN: fc.constantFrom('7105', '7200', undefined),
    startAt: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ mediaId, startAt, ...rest }) => segment(mediaId, [startAt, startAt + 5], rest));
const anyEntry: fc.Arbitrary<LogEntry> = fc.oneof(
  { weight: 4, arbitrary: anyEvent.map((one) => ({ kind: 'event' as const, event: one })) },
  { weight: 1, arbitrary: anySegment.map((one) => ({ kind: 'segment' as const, segment: one })) },
);
/** In the order of arrival, which is none: late, doubled, with losses; and how many come before each telling. */
const anyArrival = fc.tuple(
  fc.array(anyEntry, { maxLength: 30 }),
  fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 }),
);

type Told = {
  readonly pins: Pin[];
  readonly segments: Map<string, PresenceName>;
  readonly ids: Map<string, string>;
};

/** Tells all segments and all presences, as EXRP and GC would be told at this moment. */
function tell(interaction: Interaction, told: Told): void {
  for (const one of attributeSegments(interaction, names)) {
    const ids = `${one.communicationId} ${one.conversationId}`;
    // What was told once is told the same for ever.
    expect(told.ids.get(one.mediaId) ?? ids).toBe(ids);
    told.ids.set(one.mediaId, ids);
    const { callUUID, dn, ordinal, startMs, conversationRoot: rootCallUUID } = one;
    told.segments.set(one.mediaId, { callUUID, dn, ordinal });
    remember(told, { callUUID, dn, ordinal, startMs, rootCallUUID });
  }
  for (const { callUUID, dn, ordinal, addedAtMs: startMs } of interaction.parties) {
    const known = told.pins.find((one) => one.callUUID === callUUID);
    const rootCallUUID = known?.rootCallUUID ?? interaction.rootCallUUID;
    remember(told, { callUUID, dn, ordinal, startMs, rootCallUUID });
  }
}

function remember({ pins }: Told, one: Pin): void {
  if (!pins.some((known) => keyOf(known) === keyOf(one))) pins.push(one);
}

it('never changes an id that was told, whatever comes later and in whatever order', () => {
  fc.assert(
    fc.property(anyArrival, ([entries, steps]) => {
      const told: Told = { pins: [], segments: new Map(), ids: new Map() };
      let count = 0;
      for (const step of steps) {
        count += step;
        const settled: Settled = { pins: told.pins, told: told.segments };
        const interaction = foldInteraction(entries.slice(0, count), settled);
        const { parties } = interaction;
        expect(new Set(parties.map(keyOf)).size).toBe(parties.length);
        for (const known of told.pins) {
          const same = parties.filter(
            ({ callUUID, dn, addedAtMs }) =>
              callUUID === known.callUUID && dn === known.dn && addedAtMs === known.startMs,
          );
          const others = told.pins.filter(
            ({ callUUID, dn, startMs }) =>
              callUUID === known.callUUID && dn === known.dn && startMs === known.startMs,
          );
          // The stay that was told has the number under which it was told.
          if (same.length > 0)
            expect(same.some(({ ordinal }) => others.some((one) => one.ordinal === ordinal))).toBe(
              true,
            );
        }
        tell(interaction, told);
      }
    }),
    { numRuns: 1_000 },
  );
});
