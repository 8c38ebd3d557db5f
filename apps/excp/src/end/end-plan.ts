import type { FieldWrite } from '../call-log/call-log.js';
import type { KeptInteraction } from '../call-log/kept-interaction.js';
import {
  decideSegment,
  type DecisionFacts,
  type SegmentDecision,
} from '../decision/segment-decision.js';
import type { DispatchJob } from '../delivery/dispatch-queue.js';
import { dispatchText, isSettled, type DispatchRecord } from '../dispatch/dispatch-record.js';
import type { Interaction } from '../interaction/index.js';

export type EndPlan = {
  readonly writes: readonly FieldWrite[];
  /** One for every segment that is on its way; adding one that is there already does no harm. */
  readonly jobs: readonly DispatchJob[];
  /** Decisions that put segments out of scope, newly. */
  readonly outOfScope: readonly SegmentDecision[];
};

export const noPlan: EndPlan = { writes: [], jobs: [], outOfScope: [] };

/**
 * What has to be done about the segments of an ended interaction: those in scope are queued, the others put out of
 * scope, and those out of scope are decided again, since late events may have brought them in. What was sent
 * stays sent; what EXRP refused is tried again only when an administrator asks for the end once more. Pure.
 */
export function planSegments(
  kept: KeptInteraction,
  interaction: Interaction,
  { facts, nowMs }: { readonly facts: DecisionFacts; readonly nowMs: number },
): EndPlan {
  const writes: FieldWrite[] = [];
  const jobs: DispatchJob[] = [];
  const outOfScope: SegmentDecision[] = [];
  for (const segment of interaction.segments) {
    const { mediaId } = segment;
    const callUUID = kept.callOfMedia.get(mediaId) ?? segment.callUUID;
    const before = kept.dispatches.get(mediaId);
    const isDone = before?.state === 'dispatched' || before?.state === 'refused';
    if (isDone && !(before.state === 'refused' && kept.endRequested)) continue;
    const { decision } = decideSegment(interaction, segment, facts);
    const after = nextRecord(before, decision, nowMs);
    if (after !== before) {
      writes.push({ callUUID, field: `d:${mediaId}`, value: dispatchText(after) });
      if (after.state === 'out-of-scope') outOfScope.push(decision);
    }
    if (!isSettled(after)) jobs.push({ callUUID, mediaId });
  }
  return { writes, jobs, outOfScope };
}

function nextRecord(
  before: DispatchRecord | undefined,
  decision: SegmentDecision,
  nowMs: number,
): DispatchRecord {
  if (decision.scope.inScope) {
    return before === undefined || isSettled(before) ? { state: 'queued', atMs: nowMs } : before;
  }
  return before?.state === 'out-of-scope'
    ? before
    : { state: 'out-of-scope', atMs: nowMs, decision };
}
