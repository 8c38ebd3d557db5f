import { grouped, type CallEvent, type Interaction } from '@exrec/excp';
import { remark, type Remark } from './remark.js';
import type { Reading } from './reading.js';

/** Queues and calls are watched by separate clients of SIP Server: EXCP takes such differences for none. */
const toleranceMs = 2_000;

/** What in a feed cannot be true together. Pure. */
export function contradictionsOf(
  { interaction, events }: Reading,
  all: readonly CallEvent[],
): Remark[] {
  return [
    ...interaction.calls.flatMap(({ callUUID }) => {
      const own = events.filter((event) => event.callUUID === callUUID);
      return [...outsideOfCall(own), ...createdTwice(own), ...wrongParents(own)];
    }),
    ...[...grouped(events.filter(isPartyEvent), placeOf).values()].flatMap(presenceFaults),
    ...nobodyReached(interaction),
    ...oneIdTwice(all),
  ];
}

function outsideOfCall(own: readonly CallEvent[]): Remark[] {
  const created = own.find(({ event }) => event === 'EventCallCreated');
  const deleted = own.find(({ event }) => event === 'EventCallDeleted');
  const hint = 'are clocks or call ids mixed up? `time` is when it happened on the switch';
  return own.flatMap((event) => {
    const { callUUID, timeMs } = event;
    const about = { callUUID, atMs: timeMs };
    const isEarly = created !== undefined && timeMs < created.timeMs - toleranceMs;
    if (isEarly) {
      const text = `${named(event)} ${apart(created.timeMs - timeMs)} before EventCallCreated`;
      return [remark('contradiction', about, [text, hint])];
    }
    const isLate = deleted !== undefined && timeMs > deleted.timeMs + toleranceMs;
    if (!isLate) return [];
    const text = `${named(event)} ${apart(timeMs - deleted.timeMs)} after EventCallDeleted`;
    return [remark('contradiction', about, [text, hint])];
  });
}

function createdTwice(own: readonly CallEvent[]): Remark[] {
  const created = own.filter(({ event }) => event === 'EventCallCreated');
  const [first] = created;
  return created.slice(1).flatMap((again) => {
    const fields = (['callType', 'ani', 'dnis'] as const).filter(
      (name) => again[name] !== undefined && again[name] !== first?.[name],
    );
    if (fields.length === 0) return [];
    const text = `a second EventCallCreated with another ${fields.join(', ')}`;
    const about = { callUUID: again.callUUID, atMs: again.timeMs };
    return [remark('contradiction', about, [text, 'the first one counts'])];
  });
}

function wrongParents(own: readonly CallEvent[]): Remark[] {
  const naming = own.filter(({ parentCallUUID }) => parentCallUUID !== undefined);
  const [first] = naming;
  return naming.flatMap((event) => {
    const { callUUID, parentCallUUID, timeMs } = event;
    const about = { callUUID, atMs: timeMs };
    if (parentCallUUID === callUUID)
      return [
        remark('contradiction', about, [
          'parentCallUUID is the call itself',
          'the root call has none',
        ]),
      ];
    if (parentCallUUID === first?.parentCallUUID) return [];
    const text = 'a second parentCallUUID, and another one';
    return [remark('contradiction', about, [text, 'the first one counts'])];
  });
}

type PartyEvent = CallEvent & { readonly thisDN: string };

function isPartyEvent(event: CallEvent): event is PartyEvent {
  return event.thisDN !== undefined && event.event.startsWith('EventCallParty');
}

const placeOf = ({ callUUID, thisDN }: PartyEvent) => `${callUUID}/${thisDN}`;

type Standing = { isThere: boolean; wasThere: boolean; isAnswered: boolean; agentId?: string };

/** The events of one DN on one call, as a walk through coming, answering, holding and leaving. */
function presenceFaults(own: readonly PartyEvent[]): Remark[] {
  const standing: Standing = { isThere: false, wasThere: false, isAnswered: false };
  const found: Remark[] = [];
  const say = (event: PartyEvent, text: string, hint: string) => {
    const about = { callUUID: event.callUUID, atMs: event.timeMs };
    found.push(remark('contradiction', about, [text, hint]));
  };
  for (const event of inWalkingOrder(own, standing)) {
    const fault = faultOf(event, standing);
    if (fault !== undefined) say(event, ...fault);
    if (event.agentId !== undefined && standing.isThere) {
      const { agentId } = standing;
      if (agentId !== undefined && agentId !== event.agentId)
        say(event, `${event.thisDN} has another agentId than before`, 'the last one counts');
    }
    step(standing, event);
  }
  return found;
}

/** Of one instant, first what fits. */
function* inWalkingOrder(own: readonly PartyEvent[], standing: Standing): Generator<PartyEvent> {
  const left = [...own];
  while (left.length > 0) {
    const atMs = left[0]?.timeMs;
    const count = left.findIndex(({ timeMs }) => timeMs !== atMs);
    const now = left.slice(0, count < 0 ? left.length : count);
    const fitting = now.findIndex((event) => faultOf(event, standing) === undefined);
    const [next] = left.splice(Math.max(fitting, 0), 1);
    if (next !== undefined) yield next;
  }
}

function faultOf(
  { event, thisDN, partyState }: PartyEvent,
  { isThere, wasThere, isAnswered }: Standing,
): readonly [string, string] | undefined {
  if (event === 'EventCallPartyAdded')
    return isThere && isAnswered
      ? [`${thisDN} is added while it is there`, 'it counts as having left and come back']
      : undefined;
  if (event === 'EventCallPartyDeleted')
    return !isThere && wasThere
      ? [`${thisDN} leaves, and had left before`, 'the first end counts']
      : undefined;
  if (!isThere && wasThere)
    return [
      `${thisDN} is ${partyState ?? 'changed'} after it has left`,
      'within 2 s it counts as late; later it counts as having come back',
    ];
  if (partyState === 'ringing' && isAnswered)
    return [`${thisDN} rings after it has answered`, 'the ringing is passed over'];
  if (partyState === 'held' && isThere && !isAnswered)
    return [`${thisDN} holds a call that it has not answered`, 'it counts as answered then'];
  return undefined;
}

function step(standing: Standing, { event, partyState, agentId }: PartyEvent): void {
  if (event === 'EventCallPartyDeleted') {
    Object.assign(standing, { isThere: false, wasThere: true, isAnswered: false });
    delete standing.agentId;
    return;
  }
  if (event === 'EventCallPartyAdded' && standing.isAnswered) standing.isAnswered = false;
  standing.isThere = true;
  if (partyState === 'established' || partyState === 'held') standing.isAnswered = true;
  if (agentId !== undefined) standing.agentId = agentId;
}

function nobodyReached({ queueVisits, parties }: Interaction): Remark[] {
  const present = new Set(parties.map(({ dn }) => dn));
  return queueVisits.flatMap(({ callUUID, queue, leftAtMs, divertedTo }) => {
    if (divertedTo === undefined || present.has(divertedTo)) return [];
    const about = { callUUID, atMs: leftAtMs };
    const text = `${queue} diverts to ${divertedTo}, which never is on the call`;
    const hint = "thirdPartyDN is the DN that rings next, not the agent's login or a routing point";
    return [remark('contradiction', about, [text, hint])];
  });
}

/** Different events under one id are one event to EXCP. */
function oneIdTwice(all: readonly CallEvent[]): Remark[] {
  const seen = new Map<string, string>();
  const found = new Map<string, Remark>();
  for (const event of all) {
    const { callUUID, eventId, timeMs } = event;
    const key = `${callUUID}/${eventId}`;
    const content = JSON.stringify(event);
    if ((seen.get(key) ?? content) !== content)
      found.set(
        key,
        remark('contradiction', { callUUID, atMs: timeMs }, [
          `two different events have one eventId (${named(event)})`,
          'only one of them counts: leave eventId out, EXCP makes its own',
        ]),
      );
    seen.set(key, content);
  }
  return [...found.values()];
}

const apart = (ms: number) => `${ms / 1000} s`;

function named({ event, thisDN, thisQueue }: CallEvent): string {
  const place = thisDN ?? thisQueue;
  return place === undefined ? event : `${event} of ${place}`;
}
