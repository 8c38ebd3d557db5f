import { crashPoint, type Logger } from '@exrec/service-kit';
import type { CallLog, FieldWrite } from '../call-log/call-log.js';
import type { KeptInteraction, PullRecord } from '../call-log/kept-interaction.js';
import type { RuleSource } from '../decision/rules.js';
import type { DecisionFacts } from '../decision/segment-decision.js';
import type { StaConfiguration } from '../decision/sta-configuration.js';
import type { DispatchQueue } from './dispatch-queue.js';
import { isSettled } from '../dispatch/dispatch-record.js';
import { endOf, foldInteraction, type EndReason, type Interaction } from '../interaction/index.js';
import type { ExcpMetrics } from '../metrics/excp-metrics.js';
import { noPlan, planSegments } from '../end/end-plan.js';
import type { PullQueue } from './pull-queue.js';

export type EndStepOptions = {
  readonly callLog: CallLog;
  readonly dispatchQueue: DispatchQueue;
  /** Metadata are pulled from RWS at the end of an interaction. */
  readonly pullQueue: PullQueue | undefined;
  readonly rules: RuleSource;
  readonly configuration: StaConfiguration;
  readonly metrics: ExcpMetrics;
  readonly logger: Logger;
  readonly quietPeriodMs: number;
  readonly settleMs: number;
  readonly maxInteractionMs: number;
  readonly now: () => number;
};

/** After jobs were added: should the process have died before that, they are added again this much later. */
const firstRecheckMs = 10_000;
/** From then on BullMQ owns the jobs; an occasional look heals whatever else may happen to them. */
const recheckMs = 600_000;
/** A finished interaction stays as it is for a while: late duplicates are cheap to recognise there. */
const archiveAfterMs = 120_000;
const noRulesDelayMs = 5_000;
/** Longest wait for the first answer of RWS, which may tell what nobody else does; it may be away. */
const firstPullMs = 30_000;

/** Looks at one call: is its interaction over, what has to be sent, is everything done? */
export class EndStep {
  readonly #options: EndStepOptions;

  constructor(options: EndStepOptions) {
    this.#options = options;
  }

  /**
   * May be interrupted anywhere and done by several instances at once: what was added to the interaction
   * meanwhile makes the step void, and it has to be done again.
   * @returns whether it was done
   * @throws when the call can't be reached from its interaction, or the interaction is held
   */
  async look(callUUID: string): Promise<boolean> {
    const { callLog, now } = this.#options;
    const kept = await callLog.load(callUUID);
    if (kept === undefined) {
      await callLog.forget(callUUID);
      return true;
    }
    if (!kept.stored.calls.some((call) => call.callUUID === callUUID))
      throw new Error('the interaction has too many calls');
    if (kept.held !== undefined) throw new Error(`the interaction is held: ${kept.held}`);
    const interaction = foldInteraction(kept.entries);
    const why = kept.ended?.why ?? this.#endReason(kept, interaction);
    if (typeof why === 'number') return callLog.commit(kept, { nextLookAtMs: why });
    const { rules, configuration } = this.#options;
    const present = rules.current();
    if (present === undefined)
      return callLog.commit(kept, { nextLookAtMs: now() + noRulesDelayMs });
    return this.#ended({ kept, interaction, why, facts: { rules: present, configuration } });
  }

  /** Why the interaction is over, or when to look again, epoch ms. */
  #endReason(kept: KeptInteraction, interaction: Interaction): EndReason | number {
    const { quietPeriodMs, settleMs, maxInteractionMs, now } = this.#options;
    const decision = endOf(interaction, {
      nowMs: now(),
      lastSeenAtMs: kept.lastSeenAtMs,
      quietPeriodMs,
      settleMs,
      maxInteractionMs,
      endedByAdmin: kept.endRequested,
    });
    return decision.ended ? decision.why : decision.nextCheckAtMs;
  }

  async #ended({ kept, interaction, why, facts }: Ended): Promise<boolean> {
    const { callLog, dispatchQueue, pullQueue, metrics, logger, now } = this.#options;
    const nowMs = now();
    const pull = pullQueue === undefined ? undefined : pullRecord(kept, nowMs);
    const isPulling = pull?.state === 'pending';
    const heldUntilMs = interaction.hasCallEvents ? nowMs : firstAnswerMs(pull, nowMs);
    const isHeld = nowMs < heldUntilMs;
    const plan = isHeld ? noPlan : planSegments(kept, interaction, { facts, nowMs });
    const isNew = kept.ended === undefined;
    const writes = [
      ...plan.writes,
      ...(isNew ? endWrites(kept, why, nowMs) : []),
      ...(pull !== undefined && pull !== kept.pull
        ? [rootWrite(kept, 'pull', JSON.stringify(pull))]
        : []),
      ...(isHeld ? [] : clearedRequests(kept)),
    ];
    if (writes.length === 0 && plan.jobs.length === 0 && !isPulling) return this.#finished(kept);
    const nextLookAtMs = isHeld
      ? heldUntilMs
      : nowMs + (writes.length > 0 ? firstRecheckMs : recheckMs);
    const sending = plan.jobs.map(({ mediaId }) => mediaId);
    if (!(await callLog.commit(kept, { nextLookAtMs, writes, sending }))) return false;
    crashPoint('after-end');
    await dispatchQueue.addAll(plan.jobs);
    if (isPulling) await pullQueue?.add(kept.stored.rootCallUUID);
    for (const decision of plan.outOfScope) metrics.segmentDecided(decision);
    if (!isNew) return true;
    metrics.ended(why);
    logger.info('interaction.ended', {
      interactionId: interaction.rootCallUUID,
      why,
      segments: interaction.segments.length,
      toSend: plan.jobs.length,
      events: interaction.eventCount,
    });
    return true;
  }

  /** Everything is done: kept as it is for a while, then as a compressed text. */
  async #finished(kept: KeptInteraction): Promise<boolean> {
    const { callLog, now } = this.#options;
    const settledAtMs = [...kept.dispatches.values()].filter(isSettled).map(({ atMs }) => atMs);
    const lastChangeMs = Math.max(kept.lastSeenAtMs, kept.ended?.atMs ?? 0, ...settledAtMs);
    const archiveAtMs = lastChangeMs + archiveAfterMs;
    return now() < archiveAtMs
      ? callLog.commit(kept, { nextLookAtMs: archiveAtMs })
      : callLog.archive(kept);
  }
}

type Ended = {
  readonly kept: KeptInteraction;
  readonly interaction: Interaction;
  readonly why: EndReason;
  readonly facts: DecisionFacts;
};

/** All calls are marked, so that whatever comes later for any of them is looked at at once. */
function endWrites({ stored }: KeptInteraction, why: EndReason, nowMs: number): FieldWrite[] {
  return stored.calls.flatMap(({ callUUID }) => [
    { callUUID, field: 'endedAtMs', value: String(nowMs) },
    ...(callUUID === stored.rootCallUUID ? [{ callUUID, field: 'endedWhy', value: why }] : []),
  ]);
}

function clearedRequests({ stored }: KeptInteraction): FieldWrite[] {
  return stored.calls
    .filter(({ fields }) => fields.endRequested !== undefined)
    .map(({ callUUID }) => ({ callUUID, field: 'endRequested', value: undefined }));
}

function rootWrite({ stored }: KeptInteraction, field: string, value: string): FieldWrite {
  return { callUUID: stored.rootCallUUID, field, value };
}

/** A pull begins at the end, and once more when an administrator asks for the end of what was given up. */
function pullRecord({ pull, endRequested }: KeptInteraction, nowMs: number): PullRecord {
  const isNew = pull === undefined || (pull.state === 'missing' && endRequested);
  return isNew ? { state: 'pending', attempts: 0, startedAtMs: nowMs } : pull;
}

/** Until when segments wait for the first answer of RWS, epoch ms: without call events it may name the agents. */
function firstAnswerMs(pull: PullRecord | undefined, nowMs: number): number {
  const isFirst = pull?.state === 'pending' && pull.attempts === 0;
  return isFirst ? pull.startedAtMs + firstPullMs : nowMs;
}
