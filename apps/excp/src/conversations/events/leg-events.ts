import type { EventKind } from '../journal/event-kind.js';
import type { LegEnd } from '../ends/scene.js';
import type { LegKind } from '../legs/leg.js';
import type { NamedLeg } from '../legs/name-legs.js';
import { ranks, type DesiredEvent } from './desired-event.js';
import { establishedFields, type ValueFacts } from './field-values.js';

const establishing = {
  external: 'externalEstablished',
  ivr: 'ivrEstablished',
  phone: 'phoneEstablished',
  routing: 'routingEstablished',
  user: 'userEstablished',
} as const satisfies Record<LegKind, EventKind>;

type EventOfLeg = (
  kind: EventKind,
  atMs: number,
  rest?: Partial<Pick<DesiredEvent, 'rank' | 'key' | 'fields' | 'inviter'>>,
) => DesiredEvent;

/** A leg from its beginning to its end (docs/design/CONVERSATIONS.md#23-call-event--gc-event). */
export function legEvents(
  leg: NamedLeg,
  { end, inviter, facts }: { end: LegEnd; inviter: NamedLeg | undefined; facts: ValueFacts },
): DesiredEvent[] {
  const of: EventOfLeg = (
    kind,
    atMs,
    { rank = ranks[kind], key = '', fields = {}, inviter } = {},
  ) => ({
    kind,
    anchor: leg,
    conversation: leg.conversation,
    key,
    // Whatever the feed says, a leg begins before anything else happens to it.
    atMs: Math.max(atMs, leg.startMs),
    rank,
    needs: [],
    inviter,
    fields,
  });
  const opening = of(establishing[leg.kind], leg.startMs, {
    fields: establishedFields(leg, facts),
    inviter,
  });
  const rank = leg.role === 'customer' ? ranks.customerAnswered : ranks.communicationAnswered;
  const answers =
    leg.alerting && leg.answeredAtMs !== undefined
      ? [of('communicationAnswered', leg.answeredAtMs, { rank })]
      : [];
  const holds = leg.holds.flatMap(({ fromMs, toMs }, index) => [
    of('holdUpdated', fromMs, { key: `${2 * index + 1}`, fields: { held: true } }),
    // Who leaves while on hold does not come back first.
    ...(toMs === undefined || toMs === leg.goneAtMs
      ? []
      : [of('holdUpdated', toMs, { key: `${2 * index + 2}`, fields: { held: false } })]),
  ]);
  return [opening, ...answers, ...holds, ...endEvents(of, leg, end)];
}

function endEvents(of: EventOfLeg, leg: NamedLeg, end: LegEnd): DesiredEvent[] {
  if (end.state !== 'ended') return [];
  const { type: disconnectType, atMs } = end;
  const isAnswer = leg.role === 'queue' && disconnectType === 'Transfer';
  const rank = isAnswer ? ranks.routingEnded : ranks.communicationEnded;
  return [of('communicationEnded', atMs, { rank, fields: { disconnectType } })];
}
