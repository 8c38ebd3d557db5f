import fc from 'fast-check';
import { at, log } from '../../test/feed/feed.js';
import {
  callEventKinds,
  callTypes,
  partyStates,
  partyTypes,
  type CallEvent,
} from './feed/call-event.js';
import { foldInteraction } from './fold.js';
import type { LogEntry } from './interaction.js';

const optional = <T>(values: readonly T[]) =>
  fc.option(fc.constantFrom(...values), { nil: undefined });

/** Few values for each field, so that times, DNs, queues and parents collide all the time. */
const anyEvent: fc.Arbitrary<CallEvent> = fc.record({
  eventId: fc.stringMatching(/^[a-z]{1,2}$/),
  event: fc.constantFrom(...callEventKinds),
  timeMs: fc.integer({ min: 0, max: 12 }).map(at),
  callUUID: fc.constantFrom('A', 'B', 'C'),
  callType: optional(callTypes),
  parentCallUUID: optional(['A', 'B', 'D']),
  ani: optional(['1', '2']),
  thisDN: optional(['7105', '7200']),
  thisQueue: optional(['VQ1', 'VQ2']),
  thirdPartyDN: optional(['7105', '7200']),
  agentId: optional(['agent7105', 'agent7200']),
  partyType: optional(partyTypes),
  partyState: optional(partyStates),
  userData: fc.option(
    fc.dictionary(
      fc.constantFrom('a', 'b', 'participants', '__proto__'),
      fc.constantFrom('x', 'y', null),
    ),
    { nil: undefined },
  ),
});

const anyLog = fc.array(anyEvent, { maxLength: 40 }).map((events) => log(events));
const maxEvents = 25;
const fold = (entries: readonly LogEntry[]) => foldInteraction(entries, { maxEvents });

describe('foldInteraction', () => {
  it('does not depend on the order, the duplication or the batches in which entries came', () => {
    const shuffledTwice = anyLog.chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.shuffledSubarray(entries, { minLength: entries.length }),
        fc.shuffledSubarray(entries),
      ),
    );
    fc.assert(
      fc.property(shuffledTwice, ([entries, permuted, again]) => {
        expect(fold([...again, ...permuted])).toEqual(fold(entries));
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same after a trip through JSON', () => {
    fc.assert(
      fc.property(anyLog, (entries) => {
        const stored: LogEntry[] = JSON.parse(JSON.stringify(entries));
        expect(fold(stored)).toEqual(fold(entries));
      }),
    );
  });

  it('keeps every presence in order: added, answered, gone, without gaps or overlap', () => {
    fc.assert(
      fc.property(anyLog, (entries) => {
        for (const party of foldInteraction(entries).parties) {
          const points = party.intervals.flatMap(({ fromMs, toMs }) => [fromMs, toMs ?? Infinity]);
          const told = [party.addedAtMs, ...points, party.goneAtMs ?? Infinity];
          expect(told).toEqual(told.toSorted((left, right) => left - right));
          expect(new Set(party.intervals.map(({ fromMs }) => fromMs)).size).toBe(
            party.intervals.length,
          );
        }
      }),
    );
  });

  it('numbers the presences of each DN on each call from 1 without gaps', () => {
    fc.assert(
      fc.property(anyLog, (entries) => {
        const { parties } = foldInteraction(entries);
        for (const { callUUID, dn } of parties) {
          const same = parties.filter((party) => party.callUUID === callUUID && party.dn === dn);
          expect(same.map(({ ordinal }) => ordinal)).toEqual(same.map((_, index) => index + 1));
        }
      }),
    );
  });
});
