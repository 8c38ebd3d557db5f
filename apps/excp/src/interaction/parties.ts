import type { CallEvent } from './call-event.js';
import type { Call, Party, QueueVisit } from './interaction.js';
import { compareText } from './json-value.js';
import { Presence } from './presence.js';
import { originationQueueOf } from './queue-visits.js';

/** Who was on the calls, from the ordered events; missing, doubled and misplaced events are tolerated. */
export function partiesOf(
  ordered: readonly CallEvent[],
  calls: readonly Call[],
  visits: readonly QueueVisit[],
): Party[] {
  const presences = presencesOf(ordered, calls);
  const known = new Map<
    string,
    { agentId?: string | undefined; partyType?: Party['partyType'] | undefined }
  >();
  for (const { dn, agentId, partyType } of presences) {
    const facts = known.get(dn);
    known.set(dn, { agentId: facts?.agentId ?? agentId, partyType: facts?.partyType ?? partyType });
  }
  return presences.map((presence) => {
    const agentId = presence.agentId ?? known.get(presence.dn)?.agentId;
    const partyType =
      presence.partyType ??
      known.get(presence.dn)?.partyType ??
      (agentId === undefined ? 'other' : 'agent');
    return toParty(presence, { agentId, partyType, visits });
  });
}

/** Agents who answered: RWS owes at least one segment for each of them. */
export function agentsHeard(parties: readonly Party[]): Party[] {
  return parties.filter(
    (party) => party.partyType === 'agent' && party.establishedAtMs !== undefined,
  );
}

export function compareParties(left: Party, right: Party): number {
  return (
    left.addedAtMs - right.addedAtMs ||
    compareText(left.callUUID, right.callUUID) ||
    compareText(left.dn, right.dn) ||
    left.ordinal - right.ordinal
  );
}

function presencesOf(ordered: readonly CallEvent[], calls: readonly Call[]): Presence[] {
  const callsById = new Map(calls.map((call) => [call.callUUID, call]));
  const byDn = new Map<string, Presence[]>();
  for (const event of ordered) {
    if (event.thisDN === undefined || !event.event.startsWith('EventCallParty')) continue;
    const key = `${event.callUUID}/${event.thisDN}`;
    const presences = byDn.get(key) ?? [];
    byDn.set(key, presences);
    applyPartyEvent(
      presences,
      { ...event, thisDN: event.thisDN },
      callsById.get(event.callUUID)?.startedAtMs,
    );
  }
  const all = [...byDn.values()].flat();
  for (const presence of all) {
    const deletedAtMs = callsById.get(presence.callUUID)?.deletedAtMs;
    if (presence.isOpen && deletedAtMs !== undefined) presence.leave(deletedAtMs);
  }
  return all;
}

function applyPartyEvent(
  presences: Presence[],
  event: CallEvent & { thisDN: string },
  callStartedAtMs: number | undefined,
): void {
  const last = presences.at(-1);
  const open = last?.isOpen === true ? last : undefined;
  const begin = (addedAtMs: number, announced: boolean) => {
    const presence = new Presence(
      event.callUUID,
      event.thisDN,
      presences.length + 1,
      addedAtMs,
      announced,
    );
    presences.push(presence);
    return presence;
  };
  if (event.event === 'EventCallPartyAdded') {
    // Added again after the answer: the deletion between the two was lost.
    const isNewcomer = open === undefined || (open.announced && open.establishedAtMs !== undefined);
    if (isNewcomer) open?.leave(event.timeMs);
    const presence = isNewcomer ? begin(event.timeMs, true) : open;
    presence.announced = true;
    presence.identify(event);
    presence.enter(event.partyState ?? 'ringing', event.timeMs);
  } else if (event.event === 'EventCallPartyState') {
    // A hold that comes after the party has gone is late, not a return.
    if (open === undefined && last !== undefined && event.partyState === 'held') return;
    const presence = open ?? begin(event.timeMs, false);
    presence.identify(event);
    if (event.partyState !== undefined) presence.enter(event.partyState, event.timeMs);
  } else if (last === undefined || open !== undefined) {
    // Never heard of before: it was there, since the start for all that is known.
    const presence = open ?? begin(callStartedAtMs ?? event.timeMs, false);
    presence.identify(event);
    presence.leave(event.timeMs);
  }
}

function toParty(
  presence: Presence,
  known: {
    agentId: string | undefined;
    partyType: Party['partyType'];
    visits: readonly QueueVisit[];
  },
): Party {
  const { callUUID, dn, ordinal, addedAtMs, establishedAtMs, goneAtMs } = presence;
  const isReachedByQueue = known.partyType === 'agent' || known.partyType === 'other';
  const answeredAtMs = establishedAtMs ?? goneAtMs ?? Infinity;
  return {
    callUUID,
    dn,
    ordinal,
    partyType: known.partyType,
    agentId: known.agentId,
    addedAtMs,
    establishedAtMs,
    goneAtMs,
    intervals: presence.history,
    originationQueue: isReachedByQueue
      ? originationQueueOf(known.visits, presence, answeredAtMs)
      : undefined,
  };
}
