import { crashPoint, type Logger } from '@exrec/service-kit';
import type { CallLog } from '../call-log/call-log.js';
import {
  deliveryWrite,
  interactionOf,
  type FieldWrite,
  type KeptInteraction,
  type PullRecord,
} from '../call-log/kept-interaction.js';
import { isJournalSettled } from '../conversations/journal/journal-view.js';
import type { RuleSource } from '../rules/rules.js';
import type { DecisionFacts } from '../decision/decide.js';
import { isSettled } from '../decision/delivery-record.js';
import { planSegments } from '../decision/plan.js';
import type { StaConfiguration } from '../decision/sta-configuration.js';
import type { DispatchQueue } from './dispatch-queue.js';
import { endOf, type EndReason, type Interaction } from '../interaction/index.js';
import type { ExcpMetrics } from '../metrics/excp-metrics.js';
import type { PullQueue } from './pull-queue.js';

export type EndStepOptions = {
  readonly callLog: CallLog;
  readonly dispatchQueue: Pick<DispatchQueue, 'addAll'>;
  /** Metadata are pulled from RWS at the end of an interaction. */
  readonly pullQueue: Pick<PullQueue, 'add'> | undefined;
  readonly rules: RuleSource;
  readonly configuration: StaConfiguration;
  readonly metrics: ExcpMetrics;
  readonly logger: Logger;
  readonly quietPeriodMs: number;
  readonly settleMs: number;
  readonly maxInteractionMs: number;
  /** For how long the fleet could take what it was sent, without a break. */
  readonly takingForMs: () => number;
  readonly now: () => number;
};

/** After the end was written: should the process die before the jobs are added, somebody looks again this much later. */
const firstRecheckMs = 10_000;
/** From then on BullMQ owns the jobs; an occasional look heals whatever else may happen to them. */
const recheckMs = 600_000;
/** A finished interaction stays as it is for a while: late duplicates are cheap to recognise there. */
const archiveAfterMs = 120_000;
/** GC may be away for hours. */
const journalRecheckMs = 60_000;
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
  async run(callUUID: string): Promise<boolean> {
    const { callLog, now } = this.#options;
    const kept = await callLog.load(callUUID);
    if (kept === undefined) {
      await callLog.drop(callUUID);
      return true;
    }
    if (!kept.stored.calls.some((call) => call.callUUID === callUUID))
      throw new Error('the interaction has too many calls');
    if (kept.held !== undefined) throw new Error(`the interaction is held: ${kept.held}`);
    const interaction = interactionOf(kept);
    const why = kept.ended?.why ?? this.#endReason(kept, interaction);
    if (typeof why === 'number') return callLog.commit(kept, { nextCheckAtMs: why });
    const { rules, configuration } = this.#options;
    const present = rules.current();
    if (present === undefined)
      return callLog.commit(kept, { nextCheckAtMs: now() + noRulesDelayMs });
    return this.#ended({ kept, interaction, why, facts: { rules: present, configuration } });
  }

  /** Why the interaction is over, or when to look again, epoch ms. */
  #endReason(kept: KeptInteraction, interaction: Interaction): EndReason | number {
    const { quietPeriodMs, settleMs, maxInteractionMs, takingForMs, now } = this.#options;
    const decision = endOf(interaction, {
      nowMs: now(),
      lastSeenAtMs: kept.lastSeenAtMs,
      quietPeriodMs,
      settleMs,
      maxInteractionMs,
      takingForMs: takingForMs(),
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
    const retriesRefused = kept.endRequested;
    const plan = isHeld
      ? []
      : planSegments(interaction, kept.dispatches, { facts, nowMs, retriesRefused });
    const jobs = plan
      .filter(({ isOnItsWay }) => isOnItsWay)
      .map(({ mediaId }) => ({ mediaId, callUUID: callOf(kept, mediaId) }));
    const isNew = kept.ended === undefined;
    const writes = [
      ...plan.flatMap(({ mediaId, record }) =>
        record === undefined ? [] : [deliveryWrite(kept, mediaId, record)],
      ),
      ...(isNew ? endWrites(kept, why, nowMs) : []),
      ...(pull !== undefined && pull !== kept.pull
        ? [rootWrite(kept, 'pull', JSON.stringify(pull))]
        : []),
      ...(isHeld ? [] : clearedRequests(kept)),
    ];
    if (writes.length === 0 && jobs.length === 0 && !isPulling) return this.#finished(kept);
    const nextCheckAtMs = isHeld
      ? heldUntilMs
      : nowMs + (writes.length > 0 ? firstRecheckMs : recheckMs);
    const addJobs = async () => {
      await dispatchQueue.addAll(jobs);
      if (isPulling) await pullQueue?.add(kept.stored.rootCallUUID);
    };
    // What was told before has its jobs before the next look is far off: without one nobody would miss it until then.
    if (writes.length === 0) await addJobs();
    if (!(await callLog.commit(kept, { nextCheckAtMs, writes }))) return false;
    crashPoint('after-end');
    if (writes.length > 0) await addJobs();
    for (const { record } of plan) {
      if (record?.decision !== undefined) metrics.segmentDecided(record.decision);
    }
    if (!isNew) return true;
    metrics.ended(why);
    logger.info('interaction.ended', {
      interactionId: interaction.rootCallUUID,
      why,
      segments: interaction.segments.length,
      toSend: jobs.length,
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
    // What GC has not answered yet stays where its answer is written.
    if (now() >= archiveAtMs && !isJournalSettled(kept))
      return callLog.commit(kept, { nextCheckAtMs: now() + journalRecheckMs });
    return now() < archiveAtMs
      ? callLog.commit(kept, { nextCheckAtMs: archiveAtMs })
      : callLog.archive(kept);
  }
}

type Ended = {
  readonly kept: KeptInteraction;
  readonly interaction: Interaction;
  readonly why: EndReason;
  readonly facts: DecisionFacts;
};

function callOf({ callOfMedia, stored }: KeptInteraction, mediaId: string): string {
  return callOfMedia.get(mediaId) ?? stored.rootCallUUID;
}

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
