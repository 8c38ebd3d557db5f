import type { CallEvent } from '../feed/call-event.js';
import { feedToleranceMs } from '../feed/feed-tolerance.js';
import { grouped } from '../feed/grouped.js';
import type { Call, Pin } from '../interaction.js';
import { numberByPins } from './pins.js';
import { Presence } from './presence.js';
import { inStateOrder } from '../feed/same-time.js';

/** The presences of all DNs on all calls, from the ordered events; missing, doubled and misplaced ones are tolerated. */
export function presencesOf(
  ordered: readonly CallEvent[],
  calls: readonly Call[],
  pins: readonly Pin[],
): Presence[] {
  const ofDns = grouped(
    ordered.filter(isPartyEvent),
    (event) => `${event.callUUID}/${event.thisDN}`,
  );
  const callsById = new Map(calls.map((call) => [call.callUUID, call]));
  const all = [...ofDns.values()].flatMap((events) => {
    const presences: Presence[] = [];
    const call = callsById.get(events[0]?.callUUID ?? '');
    const order = {
      begins,
      ends,
      isPresent: () => presences.at(-1)?.isOpen === true,
      beforeEnd: <E extends CallEvent>(left: readonly E[]) =>
        presences.at(-1)?.establishedAtMs === undefined ? spareAnswer(left) : undefined,
    };
    for (const event of inStateOrder(events, order)) {
      applyPartyEvent(presences, event, call?.startedAtMs);
    }
    const last = presences.at(-1);
    if (last?.isOpen === true && call?.deletedAtMs !== undefined) last.leave(call.deletedAtMs);
    return presences;
  });
  numberByPins(all, pins);
  return all;
}

type PartyEvent = CallEvent & { readonly thisDN: string };

const begins = ({ event }: CallEvent) => event === 'EventCallPartyAdded';
const ends = ({ event }: CallEvent) => event === 'EventCallPartyDeleted';
const answers = ({ partyState }: CallEvent) => partyState === 'established';

/** An answer beyond those of the presences that begin at this time: it is of the one that goes. */
function spareAnswer<E extends CallEvent>(left: readonly E[]): E | undefined {
  const states = left.filter((event) => !begins(event) && !ends(event) && answers(event));
  return states.length > left.filter(begins).length ? states[0] : undefined;
}

function isPartyEvent(event: CallEvent): event is PartyEvent {
  return event.thisDN !== undefined && event.event.startsWith('EventCallParty');
}

/** @param presences of one DN on one call */
function applyPartyEvent(
  presences: Presence[],
  event: PartyEvent,
  callStartedAtMs: number | undefined,
): void {
  const last = presences.at(-1);
  const open = last?.isOpen === true ? last : undefined;
  const begin = (addedAtMs: number, announced: boolean) => {
    const ordinal = presences.length + 1;
    const presence = new Presence(event.callUUID, event.thisDN, ordinal, addedAtMs, announced);
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
    if (open === undefined && last !== undefined && isLate(event, last)) return;
    const presence = open ?? begin(event.timeMs, false);
    presence.identify(event);
    if (event.partyState !== undefined) presence.enter(event.partyState, event.timeMs);
  } else if (last === undefined || open !== undefined) {
    // Never heard of before: it was there, since the start for all that is known.
    const presence = open ?? begin(callStartedAtMs ?? event.timeMs, false);
    presence.identify(event);
    presence.releasedBy = event.ctrlParty;
    presence.leave(event.timeMs);
  }
}

/**
 * A state of a party that has gone: a hold is always late, another one when it comes shortly after the end.
 * Otherwise it is a return whose beginning was lost. A late answer is an answer all the same.
 */
function isLate(event: PartyEvent, gone: Presence): boolean {
  if (event.partyState === 'held') return true;
  if (event.timeMs - (gone.goneAtMs ?? -Infinity) > feedToleranceMs) return false;
  if (event.partyState === 'established') gone.establishedAtMs ??= gone.goneAtMs;
  return true;
}
