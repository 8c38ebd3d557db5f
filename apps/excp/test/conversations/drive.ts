import { contactOf } from '../../src/conversations/contact/contact-of.js';
import type { NewEvent } from '../../src/conversations/events/news.js';
import { emptyJournal, type Journal } from '../../src/conversations/journal/journal.js';
import type { ConversationOptions, GcDirectory } from '../../src/conversations/options.js';
import { planConversation } from '../../src/conversations/plan.js';
import {
  attributeSegments,
  foldInteraction,
  type CallEvent,
  type LogEntry,
  type SegmentMetadata,
} from '../../src/interaction/index.js';

export const sourceId = '99999999-8888-4777-8666-555555555555';
const queues: Readonly<Record<string, string>> = {
  VQ_TechSupport: '12345678-90ab-4cde-8f01-23456789abcd',
  VQ_Sales: '22345678-90ab-4cde-8f01-23456789abcd',
  VQ_Billing: '32345678-90ab-4cde-8f01-23456789abcd',
};

/** Agents at DNs from 71 and 72 are GC users. */
export const directory: GcDirectory = {
  sourceId,
  userIdOf: (agentId) => {
    const dn = /^agent(7[12]\d\d)$/.exec(agentId)?.[1];
    return dn === undefined ? null : `0c1d2e3f-4a5b-4c6d-8e7f-901a2b3c${dn}`;
  },
  queueIdOf: (queue) => queues[queue] ?? null,
};

export const options: ConversationOptions = {
  recordedParties: ['agents'],
  unknownAgent: 'phone',
  transferEvents: true,
  isIvr: (dn) => dn.startsWith('IVR_'),
};

export type Driven = { readonly journal: Journal; readonly events: readonly NewEvent[] };

export type DriveOptions = {
  readonly segments?: readonly SegmentMetadata[];
  readonly options?: ConversationOptions;
  readonly directory?: GcDirectory;
  /** Those that come after the end. */
  readonly lateSegments?: readonly SegmentMetadata[];
  /**
   * Plans after every event, and when a plan asks for it, as a live feed does; segments come when they are over. Else
   * there is one plan, at the end.
   */
  readonly live?: boolean;
  /** Nobody plans from here until after the end, epoch ms: EXCP is down. */
  readonly awayFromMs?: number;
  /** The interaction ends by force after the last event. */
  readonly endsByForce?: boolean;
};

/** Hands events to the planner as an EXCP would, and keeps the journal. Pure. */
export class Driver {
  readonly entries: LogEntry[] = [];
  journal: Journal = emptyJournal;
  readonly events: NewEvent[] = [];
  readonly #drive: DriveOptions;
  againAtMs = Infinity;
  plan: ReturnType<typeof planConversation> | undefined;

  constructor(drive: DriveOptions = {}) {
    this.#drive = drive;
  }

  take(...entries: readonly LogEntry[]): void {
    this.entries.push(...entries);
  }

  check(nowMs: number, lastSeenAtMs = nowMs, isOver = false): void {
    const pins = this.journal.legs.map(({ callUUID, place, number, startMs, conversation }) => {
      return { callUUID, dn: place, ordinal: number, startMs, rootCallUUID: conversation };
    });
    const interaction = foldInteraction(this.entries, { pins });
    const attributions = attributeSegments(interaction, { queueParameter: 'queue' });
    const segments = interaction.segments.map((segment) => {
      const attribution = attributions.find(({ mediaId }) => mediaId === segment.mediaId);
      if (attribution === undefined) throw new Error('a segment without attribution');
      return { segment, attribution };
    });
    const plan = planConversation({
      contact: contactOf(interaction, segments),
      journal: this.journal,
      directory: this.#drive.directory ?? directory,
      options: this.#drive.options ?? options,
      ...{ nowMs, latestMs: nowMs, lastSeenAtMs, isOver },
    });
    this.plan = plan;
    this.againAtMs = plan.againAtMs;
    this.events.push(...plan.events);
    this.journal = {
      legs: [...this.journal.legs, ...plan.legs],
      events: [...this.journal.events, ...plan.events.map(({ entry }) => entry)],
    };
  }
}

/** The whole of a contact. */
export function drive(events: readonly CallEvent[], how: DriveOptions = {}): Driven {
  const driver = new Driver(how);
  const arrivals = arrivalsOf(events, how);
  const isWatched = (atMs: number) => how.live === true && atMs < (how.awayFromMs ?? Infinity);
  let nowMs = 0;
  for (const [index, { atMs, entry }] of arrivals.entries()) {
    const isFirst = arrivals[index - 1]?.atMs !== atMs;
    if (isWatched(atMs) && isFirst && driver.againAtMs < atMs)
      driver.check(driver.againAtMs, nowMs);
    driver.take(entry);
    nowMs = Math.max(nowMs, atMs);
    // What is of one instant comes together.
    const isLast = arrivals[index + 1]?.atMs !== atMs;
    if (isWatched(atMs) && isLast) driver.check(nowMs);
  }
  const isDeleted = !foldInteraction(driver.entries).openCallUUIDs.length;
  if (isDeleted || how.endsByForce === true) driver.check(nowMs + 5_000, nowMs, true);
  if (how.lateSegments !== undefined) {
    driver.take(...how.lateSegments.map(entryOf));
    driver.check(nowMs + 600_000, nowMs + 600_000, true);
  }
  return { journal: driver.journal, events: driver.events };
}

type Arrival = { readonly atMs: number; readonly entry: LogEntry };

function arrivalsOf(events: readonly CallEvent[], how: DriveOptions): Arrival[] {
  const segments = how.segments ?? [];
  const ofSegments = segments.map((segment) => ({ atMs: segment.stopMs, entry: entryOf(segment) }));
  const ofEvents = events.map((event) => ({
    atMs: event.timeMs,
    entry: { kind: 'event' as const, event },
  }));
  if (how.live !== true) return [...ofSegments, ...ofEvents];
  return [...ofSegments, ...ofEvents].toSorted((left, right) => left.atMs - right.atMs);
}

function entryOf(segment: SegmentMetadata): LogEntry {
  return { kind: 'segment', segment };
}
