import { at, event, log, stay } from '../../../test/feed/feed.js';
import { foldInteraction } from '../fold.js';
import { agentsHeard } from './parties.js';

const created = event('EventCallCreated', 0);
const deleted = event('EventCallDeleted', 100);

describe('parties of an interaction', () => {
  it('keeps hold and retrieve as intervals of one presence', () => {
    const party = { thisDN: '7105', agentId: 'agent7105', partyType: 'agent' as const };
    const { parties } = foldInteraction(
      log([
        created,
        ...stay('7105', [5, 6, 99]),
        event('EventCallPartyState', 20, { ...party, partyState: 'held' }),
        event('EventCallPartyState', 30, { ...party, partyState: 'established' }),
      ]),
    );
    expect(parties).toHaveLength(1);
    expect(parties[0]).toMatchObject({ establishedAtMs: at(6) });
    expect(parties[0]?.intervals.map(({ state, fromMs }) => [state, fromMs])).toEqual([
      ['ringing', at(5)],
      ['established', at(6)],
      ['held', at(20)],
      ['established', at(30)],
    ]);
  });

  it('numbers the presences of an agent who comes back', () => {
    const { parties } = foldInteraction(
      log([created, ...stay('7105', [5, 6, 20]), ...stay('7105', [50, 51, 99])]),
    );
    expect(
      parties.map(({ ordinal, addedAtMs, goneAtMs }) => [ordinal, addedAtMs, goneAtMs]),
    ).toEqual([
      [1, at(5), at(20)],
      [2, at(50), at(99)],
    ]);
  });

  describe('with missing or misplaced events', () => {
    const party = { thisDN: '7105', agentId: 'agent7105', partyType: 'agent' as const };
    const established = event('EventCallPartyState', 6, { ...party, partyState: 'established' });
    it.each([
      [
        'no addition seen',
        [established, event('EventCallPartyDeleted', 99, party)],
        [[1, at(6), at(6), at(99)]],
      ],
      [
        'no deletion seen, the call is gone',
        [...stay('7105', [5, 6, 99]).slice(0, 2), deleted],
        [[1, at(5), at(6), at(100)]],
      ],
      [
        'no deletion seen, the call goes on',
        stay('7105', [5, 6, 99]).slice(0, 2),
        [[1, at(5), at(6), undefined]],
      ],
      [
        'nothing but the deletion',
        [event('EventCallPartyDeleted', 99, party)],
        [[1, at(0), undefined, at(99)]],
      ],
      [
        'the addition comes with a later time than the answer',
        [established, event('EventCallPartyAdded', 6.1, party)],
        [[1, at(6), at(6), undefined]],
      ],
      [
        'a deletion was lost between two stays',
        [...stay('7105', [5, 6, 20]).slice(0, 2), ...stay('7105', [50, 51, 99])],
        [
          [1, at(5), at(6), at(50)],
          [2, at(50), at(51), at(99)],
        ],
      ],
      [
        'a hold after the end',
        [
          ...stay('7105', [5, 6, 20]),
          event('EventCallPartyState', 21, { ...party, partyState: 'held' }),
        ],
        [[1, at(5), at(6), at(20)]],
      ],
      [
        'two deletions',
        [...stay('7105', [5, 6, 20]), event('EventCallPartyDeleted', 21, party)],
        [[1, at(5), at(6), at(20)]],
      ],
      [
        'held without an answer',
        [
          event('EventCallPartyAdded', 5, party),
          event('EventCallPartyState', 8, { ...party, partyState: 'held' }),
        ],
        [[1, at(5), at(8), undefined]],
      ],
    ])('makes the best of it: %s', (_name, events, expected) => {
      const { parties } = foldInteraction(log([created, ...events]));
      const told = parties.map(({ ordinal, addedAtMs, establishedAtMs, goneAtMs }) => [
        ordinal,
        addedAtMs,
        establishedAtMs,
        goneAtMs,
      ]);
      expect(told).toEqual(expected);
    });
  });

  it('counts as heard the agents who answered, not those who only rang', () => {
    const rangOnly = event('EventCallPartyAdded', 3, { thisDN: '7200', agentId: 'agent7200' });
    const { parties } = foldInteraction(
      log([created, rangOnly, ...stay('7105', [5, 6, 20]), deleted]),
    );
    expect(agentsHeard(parties).map(({ dn }) => dn)).toEqual(['7105']);
  });
});
