import { userDataValueAt, type CallEvent, type Interaction, type Party } from '@exrec/excp';
import { remark, type Remark } from './remark.js';
import type { Reading } from './reading.js';

/** What a feed leaves out, call by call: EXCP goes on without it and knows less. Pure. */
export function missingOf(reading: Reading, languageKey: string | undefined): Remark[] {
  const { interaction, events } = reading;
  return [
    ...interaction.calls.flatMap((call) => missingOfCall(call, reading)),
    ...missingOfQueues(reading),
    ...interaction.parties.flatMap((party) => missingOfParty(party, events)),
    ...withoutQueue(interaction),
    ...(languageKey === undefined ? [] : withoutLanguage(interaction, languageKey)),
    ...withoutReleaser(interaction, events),
  ];
}

function missingOfCall(call: Interaction['calls'][number], { interaction, events }: Reading) {
  const { callUUID, knownBy, callType, parentCallUUID, deletedAtMs, ani } = call;
  if (knownBy === 'parent') {
    const text = `nothing of the call itself: it is only named as a parent`;
    return [remark('missing', { callUUID }, [text, 'post its events, too: it is the root call'])];
  }
  const own = events.filter((event) => event.callUUID === callUUID);
  const about = { callUUID, atMs: own[0]?.timeMs };
  const found: Remark[] = [];
  const say = (text: string, hint: string) => found.push(remark('missing', about, [text, hint]));
  const isCreated = own.some(({ event }) => event === 'EventCallCreated');
  if (!isCreated)
    say(
      'no EventCallCreated',
      'without it nobody knows callType, ani and dnis; after a restart post what RequestQueryCall gives',
    );
  else if (callType === undefined)
    say('EventCallCreated has no callType', 'the call counts as inbound');
  if (deletedAtMs === undefined)
    say(
      'no EventCallDeleted',
      'the call is over only after EXCP_MAX_INTERACTION_HOURS, and its recordings wait for that',
    );
  if (callType === 'Consult' && parentCallUUID === undefined)
    say(
      'a consult without parentCallUUID',
      'it becomes a conversation of its own: post the call it belongs to as parentCallUUID',
    );
  const isRoot = callUUID === interaction.rootCallUUID;
  const isOutward = isRoot && callType !== 'Internal' && callType !== 'Consult';
  if (isCreated && isOutward && ani === undefined)
    say('EventCallCreated has no ani', 'nobody finds the call by its number');
  const hasTrunk = interaction.parties.some(
    (party) => party.callUUID === callUUID && party.partyType === 'trunk',
  );
  if (isOutward && !hasTrunk)
    say('no trunk party', "the customer's leg is made up, as long as the call itself");
  return found;
}

function missingOfQueues({ interaction, events }: Reading): Remark[] {
  return interaction.queueVisits.flatMap(({ callUUID, queue, enteredAtMs, leftAtMs }) => {
    const about = { callUUID, atMs: enteredAtMs ?? leftAtMs };
    const found: Remark[] = [];
    const say = (text: string, hint: string) => found.push(remark('missing', about, [text, hint]));
    if (enteredAtMs === undefined)
      say(`no EventQueued of ${queue} before it was left`, 'how long the caller waited is unknown');
    const isLeft = events.some(
      ({ event, timeMs, thisQueue, thisDN, ...rest }) =>
        (event === 'EventDiverted' || event === 'EventAbandoned') &&
        rest.callUUID === callUUID &&
        (thisQueue ?? thisDN) === queue &&
        timeMs === leftAtMs,
    );
    if (!isLeft)
      say(
        `neither EventDiverted nor EventAbandoned of ${queue}`,
        'the caller counts as having waited to the end of the call',
      );
    return found;
  });
}

function missingOfParty(party: Party, events: readonly CallEvent[]): Remark[] {
  const { callUUID, dn, partyType, agentId, addedAtMs, goneAtMs } = party;
  if (partyType === 'queue') return [];
  const about = { callUUID, atMs: addedAtMs };
  const found: Remark[] = [];
  const say = (text: string, hint: string) => found.push(remark('missing', about, [text, hint]));
  const own = events.filter((event) => event.callUUID === callUUID && event.thisDN === dn);
  if (!events.some((event) => event.thisDN === dn && event.partyType !== undefined))
    say(`${dn} has no partyType`, `it is taken for ${partyType}: agent, trunk, queue or other`);
  if (partyType === 'agent' && agentId === undefined)
    say(
      `agent at ${dn} without agentId`,
      'Genesys Cloud gets a bare phone, and no rule for agents can match',
    );
  const isNow = ({ timeMs }: CallEvent) =>
    timeMs >= addedAtMs && timeMs <= (goneAtMs ?? Number.POSITIVE_INFINITY);
  if (!own.some((event) => event.event === 'EventCallPartyAdded' && isNow(event)))
    say(`no EventCallPartyAdded of ${dn}`, 'when it began to ring is unknown');
  if (goneAtMs === undefined || !own.some((event) => isEndAt(event, goneAtMs)))
    say(`no EventCallPartyDeleted of ${dn}`, 'it counts as having stayed to the end of the call');
  return found;
}

const isEndAt = ({ event, timeMs }: CallEvent, goneAtMs: number) =>
  event === 'EventCallPartyDeleted' && timeMs <= goneAtMs;

/** Agents who answered a call that came through a queue which names nobody. */
function withoutQueue({ parties, queueVisits }: Interaction): Remark[] {
  return parties.flatMap(({ callUUID, dn, partyType, originationQueue, establishedAtMs }) => {
    if (partyType !== 'agent' || originationQueue !== undefined || establishedAtMs === undefined)
      return [];
    const nameless = queueVisits.findLast(
      (visit) =>
        visit.callUUID === callUUID &&
        visit.divertedTo === undefined &&
        (visit.leftAtMs ?? Number.POSITIVE_INFINITY) <= establishedAtMs,
    );
    if (nameless === undefined) return [];
    return [
      remark('missing', { callUUID, atMs: nameless.leftAtMs }, [
        `EventDiverted of ${nameless.queue} does not say whom it was diverted to`,
        `thirdPartyDN: ${dn}. Without it that agent's recording has no queue, and the program of no queue`,
      ]),
    ];
  });
}

function withoutLanguage(interaction: Interaction, key: string): Remark[] {
  return interaction.parties.flatMap(({ callUUID, dn, agentId, partyType, establishedAtMs }) => {
    if (partyType !== 'agent' || establishedAtMs === undefined) return [];
    if (userDataValueAt(interaction, key, establishedAtMs) !== undefined) return [];
    const later = interaction.userData.find(({ changes }) => Object.hasOwn(changes, key));
    const who = agentId ?? dn;
    const text =
      later === undefined
        ? `the call data have no ${key} when ${who} answers`
        : `${key} comes ${(later.atMs - establishedAtMs) / 1000} s after ${who} has answered`;
    const level = later === undefined ? 'note' : 'missing';
    const about = { callUUID, atMs: establishedAtMs };
    return [remark(level, about, [text, 'the default language counts for that recording'])];
  });
}

function withoutReleaser(
  { calls, parties, rootCallUUID }: Interaction,
  events: readonly CallEvent[],
): Remark[] {
  return calls.flatMap(({ callUUID, deletedAtMs }) => {
    if (callUUID !== rootCallUUID) return [];
    const isAnswered = parties.some(
      (party) => party.callUUID === callUUID && party.establishedAtMs !== undefined,
    );
    const isTold = events.some(
      (event) => event.callUUID === callUUID && event.ctrlParty !== undefined,
    );
    if (deletedAtMs === undefined || !isAnswered || isTold) return [];
    return [
      remark('note', { callUUID, atMs: deletedAtMs }, [
        'no ctrlParty on any end',
        'who hung up is guessed from who left first; post AttributeCtrlParty where T-Server gives it',
      ]),
    ];
  });
}
