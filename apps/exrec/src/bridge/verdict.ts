import { grouped, userDataValueAt, type CallEvent, type HybridIntegration } from '@exrec/excp';
import { conversationIdOf } from '@exrec/gc-metadata';
import type { Course } from '../output/time-line.js';
import { contradictionsOf } from './contradictions.js';
import { courseOf } from './course.js';
import { missingOf } from './missing.js';
import { readInteractions, type Reading } from './reading.js';
import { spelledLike, type Feed, type Rejected } from './read-feed.js';
import { remark, type Remark } from './remark.js';

/** What EXCP makes of one interaction, and what is to be said about it. Times are ISO. */
export type ConversationVerdict = Course & {
  readonly interactionId: string;
  readonly conversationId: string;
  readonly direction: string;
  readonly events: number;
  readonly flags: readonly string[];
  /** False: outside the sync scope, nothing of it is told to Genesys Cloud. */
  readonly told: boolean;
  readonly legs: readonly Leg[];
  readonly genesysCloudEvents: readonly { readonly kind: string; readonly at: string }[];
  /** Each agent who answered: what a recording of that stay would go with. */
  readonly answered: readonly Answered[];
  readonly remarks: readonly Remark[];
};

type Leg = {
  readonly kind: string;
  readonly place: string;
  readonly callUUID: string;
  readonly communicationId: string;
  readonly agentId: string | null;
  readonly queue: string | null;
};

type Answered = {
  readonly callUUID: string;
  readonly dn: string;
  readonly agentId: string | null;
  readonly queue: string | null;
  readonly language: string | null;
};

export type FeedVerdict = {
  readonly events: number;
  readonly duplicates: number;
  readonly rejected: readonly Rejected[];
  readonly remarks: readonly Remark[];
  readonly conversations: readonly ConversationVerdict[];
};

/** What EXCP makes of a feed, conversation by conversation. Pure. */
export function judge(
  feed: Feed,
  { rules, nowMs }: { readonly rules: HybridIntegration | undefined; readonly nowMs: number },
): FeedVerdict {
  const byCall = grouped(feed.events, ({ callUUID }) => callUUID);
  const conversations = readInteractions(feed.events, rules).map((reading) => {
    const { calls } = reading.interaction;
    const all = calls.flatMap(({ callUUID }) => byCall.get(callUUID) ?? []);
    return verdictOf(reading, all, rules);
  });
  const counted = conversations.reduce((sum, { events }) => sum + events, 0);
  return {
    events: feed.events.length,
    duplicates: feed.events.length - counted,
    rejected: feed.rejected,
    remarks: remarksOnFeed(feed, nowMs),
    conversations,
  };
}

function verdictOf(
  reading: Reading,
  all: readonly CallEvent[],
  rules: HybridIntegration | undefined,
): ConversationVerdict {
  const { interaction, events, isTold, plan } = reading;
  const languageKey = rules?.staUserdataLanguageKey;
  const remarks: Remark[] = [
    ...missingOf(reading, languageKey),
    ...contradictionsOf(reading, all),
  ].toSorted((left, right) => (left.at ?? '').localeCompare(right.at ?? ''));
  return {
    ...courseOf(interaction),
    interactionId: interaction.rootCallUUID,
    conversationId: conversationIdOf(interaction.rootCallUUID),
    direction: interaction.direction,
    events: events.length,
    flags: interaction.flags,
    told: isTold,
    legs: plan.named.map(({ kind, place, callUUID, communicationId, agentId, queue }) => ({
      ...{ kind, place, callUUID, communicationId },
      agentId: agentId ?? null,
      queue: queue ?? null,
    })),
    genesysCloudEvents: plan.events.map(({ entry: { kind, atMs } }) => ({
      kind,
      at: new Date(atMs).toISOString(),
    })),
    answered: answeredBy(reading, languageKey),
    remarks,
  };
}

function answeredBy({ interaction }: Reading, languageKey: string | undefined): Answered[] {
  return interaction.parties.flatMap(
    ({ callUUID, dn, agentId, partyType, establishedAtMs, originationQueue }) => {
      if (partyType !== 'agent' || establishedAtMs === undefined) return [];
      const value =
        languageKey === undefined
          ? undefined
          : userDataValueAt(interaction, languageKey, establishedAtMs);
      const language = typeof value === 'string' ? value : null;
      return [
        { callUUID, dn, agentId: agentId ?? null, queue: originationQueue ?? null, language },
      ];
    },
  );
}

/** Bridge and switch may differ by this much. */
const clockToleranceMs = 60_000;

function remarksOnFeed(feed: Feed, nowMs: number): Remark[] {
  const found: Remark[] = [];
  for (const [name, count] of feed.unknownFields) {
    const field = spelledLike(name);
    const text = `${count} events have the field ${name}, which is left out`;
    found.push(
      field === undefined
        ? remark('note', {}, [text, 'it is not part of call events'])
        : remark('contradiction', {}, [text, `it is spelled ${field}`]),
    );
  }
  if (feed.coarseTimes > 0)
    found.push(
      remark('missing', {}, [
        `${feed.coarseTimes} events have times without milliseconds`,
        'what happens within one second is put in the order in which it usually happens',
      ]),
    );
  const ahead = feed.events.filter(({ timeMs }) => timeMs > nowMs + clockToleranceMs);
  if (ahead.length > 0)
    found.push(
      remark('contradiction', { atMs: ahead[0]?.timeMs }, [
        `${ahead.length} events are of the future`,
        'times are in UTC (…Z), or with their zone; keep clocks in sync',
      ]),
    );
  return found;
}
