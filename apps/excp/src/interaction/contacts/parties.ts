import { carriedOn, deliveriesOf } from './deliveries.js';
import { grouped } from '../feed/grouped.js';
import type { Party, PresenceName, QueueVisit } from '../interaction.js';
import { compareText } from '../feed/json-value.js';
import type { Presence } from './presence.js';

/** Who was on the calls and how they came there. */
export function partiesOf(all: readonly Presence[], visits: readonly QueueVisit[]): Party[] {
  const presences = all.toSorted(compareParties);
  const byDn = grouped(presences, ({ dn }) => dn);
  const delivered = deliveriesOf(byDn, visits);
  const typeOf = partyTypes(presences, visits);
  const agentIds = firstOfDn(presences, ({ agentId }) => agentId);
  const parties = new Map<Presence, Party>();
  // By their beginning, so that what a presence carries on is known.
  for (const presence of presences) {
    const partyType = typeOf(presence);
    const isReachedByQueue = partyType === 'agent' || partyType === 'other';
    const visit = isReachedByQueue ? delivered.get(presence) : undefined;
    const earlier = carriedOn(presence, byDn);
    parties.set(presence, {
      callUUID: presence.callUUID,
      dn: presence.dn,
      ordinal: presence.ordinal,
      partyType,
      agentId: presence.agentId ?? agentIds.get(presence.dn),
      addedAtMs: presence.addedAtMs,
      establishedAtMs: presence.establishedAtMs,
      goneAtMs: presence.goneAtMs,
      releasedBy: presence.releasedBy,
      intervals: presence.history,
      deliveredBy: visit && { callUUID: visit.callUUID, queue: visit.queue, number: visit.number },
      continues: earlier && nameOf(earlier),
      originationQueue:
        visit?.queue ?? (earlier && parties.get(earlier)?.originationQueue) ?? undefined,
    });
  }
  return [...parties.values()];
}

const nameOf = ({ callUUID, dn, ordinal }: PresenceName): PresenceName => ({
  callUUID,
  dn,
  ordinal,
});

/**
 * The type of a party: as told, else as told of the same DN elsewhere. A DN that a queue delivered to, or that has a
 * login, is an agent unless it is a queue itself (docs/design/CONTRACTS.md#16-clarifications-of-the-second-round (3)).
 */
function partyTypes(presences: readonly Presence[], visits: readonly QueueVisit[]) {
  const told = firstOfDn(presences, ({ partyType }) => partyType);
  const agentIds = firstOfDn(presences, ({ agentId }) => agentId);
  const queues = new Set(visits.map(({ queue }) => queue));
  const reached = new Set(visits.map(({ divertedTo }) => divertedTo));
  return ({ dn, partyType }: Presence): Party['partyType'] => {
    const known = partyType ?? told.get(dn);
    if (known !== undefined) return known;
    if (queues.has(dn)) return 'queue';
    return agentIds.has(dn) || reached.has(dn) ? 'agent' : 'other';
  };
}

function firstOfDn<T>(
  presences: readonly Presence[],
  factOf: (presence: Presence) => T | undefined,
) {
  const facts = new Map<string, T>();
  for (const presence of presences) {
    const fact = factOf(presence);
    if (fact !== undefined && !facts.has(presence.dn)) facts.set(presence.dn, fact);
  }
  return facts;
}

/** Agents who answered: RWS owes at least one segment for each of them. */
export function agentsHeard(parties: readonly Party[]): Party[] {
  return parties.filter(
    (party) => party.partyType === 'agent' && party.establishedAtMs !== undefined,
  );
}

/** By beginning; of several that begin at one time the one that ends first goes first. */
export function compareParties(left: Placed, right: Placed): number {
  return (
    left.addedAtMs - right.addedAtMs ||
    (left.goneAtMs ?? maxMs) - (right.goneAtMs ?? maxMs) ||
    compareText(left.callUUID, right.callUUID) ||
    compareText(left.dn, right.dn) ||
    left.ordinal - right.ordinal
  );
}

type Placed = PresenceName & Pick<Party, 'addedAtMs' | 'goneAtMs'>;
const maxMs = Number.MAX_SAFE_INTEGER;
