import { createHash } from 'node:crypto';
import type { InteractionEntry, OutboxEntry } from '@exrec/service-kit';
import { progressOf, type KeptInteraction } from '../call-log/kept-interaction.js';
import { readJournal } from '../conversations/journal/journal-text.js';
import { flagsWithGap } from '../conversations/journal/lost-legs.js';
import type { Interaction } from '../interaction/index.js';

/** What the ledger is told of an interaction. Pure. */
export function interactionEntry(
  kept: KeptInteraction,
  interaction: Interaction,
): Extract<OutboxEntry, { readonly kind: 'interaction' }> {
  const { direction, ani, dnis } = interaction;
  const agents = interaction.parties.filter(({ partyType }) => partyType === 'agent');
  const { segments } = interaction;
  const data: InteractionEntry = {
    callUUIDs: namesOf([
      interaction.rootCallUUID,
      ...kept.stored.calls.map(({ callUUID }) => callUUID),
      ...interaction.calls.map(({ callUUID }) => callUUID),
    ]),
    state: progressOf(kept),
    direction,
    startMs: startOf(kept, interaction),
    flags: flagsWithGap(interaction.flags, kept.stored),
    agents: namesOf([...agents, ...segments].map(({ agentId }) => agentId)),
    dns: namesOf([...agents.map(({ dn }) => dn), ...segments.map(({ recordDN }) => recordDN)]),
    queues: namesOf([
      ...interaction.queueVisits.map(({ queue }) => queue),
      ...interaction.parties.map(({ originationQueue }) => originationQueue),
    ]),
    segments: segments.length,
    ...(ani === undefined ? {} : { ani }),
    ...(dnis === undefined ? {} : { dnis }),
    ...(kept.ended === undefined
      ? {}
      : { endMs: endOf(interaction) ?? kept.ended.atMs, endedBy: kept.ended.why }),
    ...conversationOf(kept),
  };
  return { kind: 'interaction', id: interaction.rootCallUUID, data };
}

function startOf(kept: KeptInteraction, { startedAtMs, segments }: Interaction): number {
  return startedAtMs ?? Math.min(kept.lastSeenAtMs, ...segments.map(({ startMs }) => startMs));
}

/** When the last call, or else the last recording, was over. */
function endOf({ calls, segments }: Interaction): number | undefined {
  const ends = calls.flatMap(({ deletedAtMs }) => deletedAtMs ?? []);
  const times = ends.length > 0 ? ends : segments.map(({ stopMs }) => stopMs);
  return times.length === 0 ? undefined : Math.max(...times);
}

/**
 * How the conversation in GC stands: refused and dropped events need a look, planned and sent ones some time. It is not
 * complete before the call is over.
 */
function conversationOf({
  stored,
  ended,
}: Pick<KeptInteraction, 'stored' | 'ended'>): Pick<
  InteractionEntry,
  'conversationState' | 'conversationDetail'
> {
  const { events } = readJournal(stored);
  if (events.length === 0) return {};
  const refused = events.find(({ state }) => state === 'refused' || state === 'dropped');
  if (refused !== undefined)
    return {
      conversationState: 'gap',
      ...(refused.message === undefined ? {} : { conversationDetail: refused.message }),
    };
  const isComplete = ended !== undefined && events.every(({ state }) => state === 'taken');
  return { conversationState: isComplete ? 'complete' : 'open' };
}

/**
 * What is noted of an interaction that the ledger was told of: as long as it goes on, how it stands; once it is over, all
 * of it. So a call costs few entries, and in the end nothing is missing.
 */
export function noteOf(data: Pick<InteractionEntry, 'state' | 'flags' | 'conversationState'>) {
  const { state, flags, conversationState = '' } = data;
  if (state === 'open') return [state, conversationState, ...flags].join(' ').trim();
  return createHash('sha256').update(JSON.stringify(data)).digest('base64url').slice(0, noteLength);
}
const noteLength = 16;

/** The note of one that goes on, from its fields alone. */
export function runningNote(
  { stored, ended }: Pick<KeptInteraction, 'stored' | 'ended'>,
  flags: readonly string[],
): string {
  const { conversationState = '' } = conversationOf({ stored, ended });
  return noteOf({ state: 'open', flags: flagsWithGap(flags, stored), conversationState });
}

function namesOf(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
