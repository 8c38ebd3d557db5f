import type { InteractionEntry, OutboxEntry } from '@exrec/service-kit';
import { progressOf, type KeptInteraction } from '../call-log/kept-interaction.js';
import { readJournal } from '../conversations/journal/journal-text.js';
import { flagsWithGap } from '../conversations/journal/lost-legs.js';
import type { Interaction } from '../interaction/index.js';

/** What the ledger is told of an interaction. Pure. */
export function interactionEntry(kept: KeptInteraction, interaction: Interaction): OutboxEntry {
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

/** How the conversation in GC stands: refused and dropped events need a look, planned and sent ones some time. */
function conversationOf({
  stored,
}: KeptInteraction): Pick<InteractionEntry, 'conversationState' | 'conversationDetail'> {
  const { events } = readJournal(stored);
  if (events.length === 0) return {};
  const refused = events.find(({ state }) => state === 'refused' || state === 'dropped');
  if (refused !== undefined)
    return {
      conversationState: 'gap',
      ...(refused.message === undefined ? {} : { conversationDetail: refused.message }),
    };
  return {
    conversationState: events.every(({ state }) => state === 'taken') ? 'complete' : 'open',
  };
}

function namesOf(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
