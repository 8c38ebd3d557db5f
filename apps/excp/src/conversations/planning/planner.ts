import { crashPoint, isRedisUnavailable, type Logger } from '@exrec/service-kit';
import type { CallLog } from '../../call-log/call-log.js';
import { interactionOf, type KeptInteraction } from '../../call-log/kept-interaction.js';
import type { Rules, RuleSource } from '../../rules/rules.js';
import type { Interaction } from '../../interaction/index.js';
import { contactOf } from '../contact/contact-of.js';
import type { Contact } from '../contact/contact.js';
import { readJournal } from '../journal/journal-text.js';
import { historiesOf, legKey, type JournalLeg } from '../journal/journal.js';
import type { ConversationMetrics } from '../metrics/conversation-metrics.js';
import type { ConversationOptions, GcDirectory } from '../options.js';
import { planConversation, type ConversationPlan } from '../plan.js';
import type { ConversationStore, Decided } from '../store/conversation-store.js';
import { openLegsOf } from '../store/open-legs.js';
import { FeedClock } from './feed-clock.js';
import { CountedOnce } from './counted-once.js';
import { isInScope, segmentsInScope } from './in-scope.js';
import { legIdsOf, type LegIds } from './leg-ids.js';

export type PlannerOptions = {
  readonly callLog: Pick<CallLog, 'load'>;
  readonly store: ConversationStore;
  readonly rules: RuleSource;
  /** What GC knows; undefined while that was never read, or there is no source. */
  readonly directory: (rules: Rules) => GcDirectory | undefined;
  readonly options: (rules: Rules) => ConversationOptions;
  /** The time by GC's clock; undefined: not known. */
  readonly gcNowMs: () => number | undefined;
  readonly metrics: ConversationMetrics;
  readonly logger: Logger;
  readonly now: () => number;
};

/** Without usable rules, or without GC's directory, conversations wait. */
const notReadyDelayMs = 5_000;
/** An agent of the interaction is being looked for in GC. */
const askingDelayMs = 500;
/** Nothing is decided about an interaction that cannot be read as a whole, or that fails for a fault of ours. */
const faultDelayMs = 60_000;

/** Clocks that differ by less are in step, as far as a time in whole seconds can tell. */
const clockToleranceMs = 5_000;

/** Every look at an interaction finds the same wrong times again. */
const mistimedKept = 10_000;

/** Decides what GC shall be told of an interaction, and writes it into its journal. */
export class Planner {
  readonly #options: PlannerOptions;
  readonly #feedClock: FeedClock;
  readonly #mistimed = new CountedOnce(mistimedKept);

  constructor(options: PlannerOptions) {
    this.#options = options;
    this.#feedClock = new FeedClock(options);
  }

  /**
   * Plans the interaction of a call. May be interrupted anywhere and done by several instances at once: what came
   * meanwhile makes it void.
   * @returns whether it was done; otherwise it has to be done again
   * @throws when Redis can't be asked
   */
  async plan(callUUID: string): Promise<boolean> {
    const { callLog, store, logger, now } = this.#options;
    try {
      const kept = await callLog.load(callUUID);
      if (kept === undefined) {
        await store.unschedule(callUUID);
        return true;
      }
      const isDone = await this.#plan(kept, kept.ended !== undefined);
      if (isDone === 'not-ready') await store.postpone(callUUID, now() + notReadyDelayMs);
      return isDone !== 'changed';
    } catch (error) {
      if (isRedisUnavailable(error)) throw error;
      logger.error('conversation.cannot-be-planned', { callUUID, error });
      await store.postpone(callUUID, now() + faultDelayMs);
      return true;
    }
  }

  /**
   * The legs of the recordings of an interaction that is over, by media file: written before anybody is told of them
   * (docs/design/CONTRACTS.md#10-conversations (3)).
   * @returns undefined when the interaction has changed: it has to be loaded again
   */
  async legIds(kept: KeptInteraction): Promise<ReadonlyMap<string, LegIds> | undefined> {
    const interaction = interactionOf(kept);
    const known = this.knownLegIds(kept, interaction);
    if (known !== undefined) return known;
    const isDone = await this.#plan(kept, true, interaction);
    return isDone === 'changed' || isDone === 'written' ? undefined : new Map();
  }

  /** The same without writing anything; undefined when some leg is not in the journal. */
  knownLegIds(
    kept: KeptInteraction,
    interaction: Interaction,
  ): ReadonlyMap<string, LegIds> | undefined {
    const rules = this.#options.rules.current();
    if (rules === undefined) return undefined;
    const { plan, journal, directory } = this.#planned(kept, {
      ...{ interaction, rules, isOver: true },
    });
    const ids = legIdsOf(plan.named, journal);
    // Told of at least, if that can be done at all; a name alone is enough only while GC is not known.
    const histories = historiesOf(journal);
    const isMissing = plan.named.some((leg) => {
      const history = histories.get(legKey(leg));
      const isTold = history !== undefined && (history.opened !== undefined || history.isLost);
      return leg.recordings.length > 0 && !(directory === undefined ? history : isTold);
    });
    return isMissing ? undefined : ids;
  }

  /**
   * Ends whatever is open of an interaction that is over, or counts as such.
   * @returns whether anything was written
   */
  async closeAll(kept: KeptInteraction): Promise<boolean> {
    return (await this.#plan(kept, true)) === 'written';
  }

  async #plan(
    kept: KeptInteraction,
    isOver: boolean,
    interaction = interactionOf(kept),
  ): Promise<'written' | 'nothing' | 'changed' | 'not-ready'> {
    const { store, rules: source, metrics } = this.#options;
    const rules = source.current();
    if (rules === undefined || kept.held !== undefined) return 'not-ready';
    const planned = this.#planned(kept, { interaction, rules, isOver });
    const { plan, journal, directory, isAsking } = planned;
    const delayMs = isAsking ? askingDelayMs : notReadyDelayMs;
    const isWanted = journal.legs.length > 0 || planned.isRecorded || isInScope(interaction, rules);
    if (!isWanted) {
      await store.unschedule(kept.stored.rootCallUUID);
      return 'nothing';
    }
    const pins = isOver ? pinsOf(plan) : [];
    const legs = directory === undefined ? pins : withPins(plan, pins);
    const decided: Decided = {
      legs,
      events: directory === undefined ? [] : plan.events,
      gaps: directory === undefined ? [] : plan.gaps,
      open: openLegsOf(journal, plan),
      againAtMs: directory === undefined ? this.#options.now() + delayMs : plan.againAtMs,
    };
    const newGaps = await store.write(kept, decided);
    if (newGaps === undefined) return 'changed';
    crashPoint('after-journal');
    metrics.planned(decided.events.length, newGaps);
    if (directory !== undefined) metrics.mistimed(this.#mistimed.newOf(plan.mistimed));
    const isNotReady = directory === undefined && !isAsking && legs.length === 0;
    return isNotReady ? 'not-ready' : wrote(decided);
  }

  /** Never later than it is at GC: nothing may be told that is in the future there. */
  #latestMs(nowMs: number): number {
    const atGcMs = this.#options.gcNowMs();
    return atGcMs !== undefined && atGcMs < nowMs - clockToleranceMs ? atGcMs : nowMs;
  }

  #planned(
    kept: KeptInteraction,
    {
      interaction,
      rules,
      isOver,
    }: { readonly interaction: Interaction; readonly rules: Rules; readonly isOver: boolean },
  ) {
    const journal = readJournal(kept.stored);
    const segments = segmentsInScope(interaction, rules);
    const known = this.#options.directory(rules);
    const nowMs = this.#options.now();
    const contact = contactOf(interaction, segments);
    // What is told of an agent cannot be taken back, and the answer takes a moment.
    const isAsking = known !== undefined && isAskingForAgents(contact, known);
    const directory = isAsking ? undefined : known;
    this.#feedClock.see(contact.feedAtMs - nowMs);
    const plan = planConversation({
      contact,
      journal,
      directory: directory ?? nobody,
      options: this.#options.options(rules),
      nowMs,
      latestMs: this.#latestMs(nowMs),
      lastSeenAtMs: kept.lastSeenAtMs,
      isOver,
    });
    return { plan, journal, directory, isAsking, isRecorded: segments.length > 0 };
  }
}

/** Whether GC is being asked for an agent of the contact; asking is what this does, too. */
function isAskingForAgents({ presences, recordings }: Contact, directory: GcDirectory): boolean {
  const logins = new Set([...presences, ...recordings].flatMap(({ agentId }) => agentId ?? []));
  // Each of them, so that all are asked for together.
  return [...logins].filter((login) => directory.userIdOf(login) === undefined).length > 0;
}

/** Names do not depend on what GC knows, so they can be given without. */
const nobody: GcDirectory = { sourceId: '', userIdOf: () => null, queueIdOf: () => null };

/** Legs that recordings name: their names are kept even while nothing can be told of them. */
function pinsOf({ named }: ConversationPlan): JournalLeg[] {
  return named
    .filter((leg) => leg.isNew && leg.recordings.length > 0)
    .map(({ conversation, index, callUUID, place, number, startMs }) => {
      return { conversation, index, callUUID, place, number, startMs };
    });
}

function withPins(plan: ConversationPlan, pins: readonly JournalLeg[]): JournalLeg[] {
  const opened = new Set(plan.legs.map(legKey));
  return [...plan.legs, ...pins.filter((leg) => !opened.has(legKey(leg)))];
}

function wrote({ legs, events }: Decided): 'written' | 'nothing' {
  return legs.length + events.length > 0 ? 'written' : 'nothing';
}
