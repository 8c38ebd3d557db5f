import { scopeOf, type Interaction, type Pin } from '../interaction/index.js';
import {
  attributionFor,
  decideSegment,
  type DecisionFacts,
  type SegmentDecision,
} from './decide.js';
import { isOpen, isSettled, type DeliveryRecord } from './delivery-record.js';

/** What the end of an interaction, or something that came late, means for one of its segments. */
export type SegmentPlan = {
  readonly mediaId: string;
  /** Newly; undefined: it stays as it is. */
  readonly record: DeliveryRecord | undefined;
  /** A job has to be there for it; adding one that is there already does no harm. */
  readonly isOnItsWay: boolean;
};

export type PlanOptions = {
  readonly facts: DecisionFacts;
  readonly nowMs: number;
  /** What EXRP refused is tried once more: an administrator asked for the end again. */
  readonly retriesRefused: boolean;
};

/**
 * Which segments of an ended interaction are sent: those in scope are queued, the others put out of scope, and those out
 * of scope are looked at again, since late events may have brought them in. What was told to EXRP stays told. Pure.
 */
export function planSegments(
  interaction: Interaction,
  records: ReadonlyMap<string, DeliveryRecord>,
  { facts, nowMs, retriesRefused }: PlanOptions,
): SegmentPlan[] {
  return interaction.segments.map((segment) => {
    const { mediaId } = segment;
    const before = records.get(mediaId);
    const isFixed =
      before?.request !== undefined ||
      before?.state === 'dispatched' ||
      (before?.state === 'refused' && !retriesRefused);
    if (isFixed) return { mediaId, record: undefined, isOnItsWay: !isSettled(before) };
    const { agentId, dn, queue } = attributionFor(interaction, segment, facts.rules);
    if (!scopeOf({ agentId, dn, queue }, facts.rules.syncScope).inScope) {
      if (before?.state === 'out-of-scope')
        return { mediaId, record: undefined, isOnItsWay: false };
      const { decision } = decideSegment(interaction, segment, facts);
      const record = { state: 'out-of-scope', atMs: nowMs, decision } as const;
      return { mediaId, record, isOnItsWay: false };
    }
    const isQueued = before !== undefined && !isSettled(before);
    const record = { state: 'queued', atMs: nowMs, told: before?.told } as const;
    return { mediaId, record: isQueued ? undefined : record, isOnItsWay: true };
  });
}

export type Attempt = {
  readonly mediaId: string;
  readonly decision: SegmentDecision;
  /** `sending` with the complete request, or `out-of-scope`; written before anything is sent. */
  readonly record: DeliveryRecord;
  readonly pin: Pin;
};

/**
 * What is sent of the segments of which EXRP has got nothing yet, decided together: from here on their requests and ids
 * are fixed. Pure.
 */
export function attemptsOf(
  interaction: Interaction,
  records: ReadonlyMap<string, DeliveryRecord>,
  { facts, nowMs }: Pick<PlanOptions, 'facts' | 'nowMs'>,
): Attempt[] {
  return interaction.segments.flatMap((segment) => {
    const { mediaId } = segment;
    const before = records.get(mediaId);
    if (before === undefined || !isOpen(before)) return [];
    const { decision, request, pin } = decideSegment(interaction, segment, facts);
    const { callUUID, dn, ordinal } = pin;
    const common = { atMs: nowMs, attempts: before.attempts, decision };
    const told = { callUUID, dn, ordinal };
    const record: DeliveryRecord = decision.scope.inScope
      ? { state: 'sending', ...common, told, request }
      : { state: 'out-of-scope', ...common, told: before.told };
    return [{ mediaId, decision, record, pin }];
  });
}

/** The ids that attempts tell and nobody was told before. */
export function newPins({ pins }: Pick<Interaction, 'pins'>, attempts: readonly Attempt[]): Pin[] {
  const nameOf = ({ callUUID, dn, ordinal }: Pin) => JSON.stringify([callUUID, dn, ordinal]);
  const known = new Set(pins.map(nameOf));
  return attempts.flatMap(({ record, pin }) => {
    if (record.state !== 'sending' || known.has(nameOf(pin))) return [];
    known.add(nameOf(pin));
    return [pin];
  });
}

/** The leg of GC's conversation that a recording names. */
export type NamedLegIds = {
  readonly conversationId: string;
  readonly communicationId: string;
  readonly isGap: boolean;
};

/** The same with the legs that GC is told of, which the journal names and nobody renames (docs/design/CONTRACTS.md#10-conversations (3)). */
export function withLegs(
  attempts: readonly Attempt[],
  legs: ReadonlyMap<string, NamedLegIds> | undefined,
): readonly Attempt[] {
  if (legs === undefined) return attempts;
  return attempts.map((attempt) => {
    const { mediaId, record } = attempt;
    const leg = legs.get(mediaId);
    if (leg === undefined || record.request === undefined) return attempt;
    const { conversationId, communicationId, isGap } = leg;
    const { metadata } = record.request;
    const flags = [...(metadata.flags ?? []), ...(isGap ? ['conversation-gap'] : [])];
    const request = {
      ...record.request,
      metadata: {
        ...{ ...metadata, conversationId, communicationId },
        ...(flags.length === 0 ? {} : { flags }),
      },
    };
    return { ...attempt, record: { ...record, request } };
  });
}
