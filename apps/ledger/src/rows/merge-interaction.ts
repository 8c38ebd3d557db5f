import { conversationIdOf } from '@exrec/gc-metadata';
import { redactText } from '@exrec/service-kit';
import type { InteractionRow } from '../database/tables.js';
import type { Entry } from './entry.js';
import { keptNumber, type NumberRule } from './phone-numbers.js';

/** The row with what the entry says; the same row when it says nothing new. Pure. */
export function mergeInteraction(
  row: InteractionRow | undefined,
  { id, rev, data }: Extract<Entry, { readonly kind: 'interaction' }>,
  rule: NumberRule,
): InteractionRow {
  if (row !== undefined && rev <= row.rev) return row;
  const ani = keptNumber(data.ani, rule);
  const dnis = keptNumber(data.dnis, rule);
  return {
    interaction_id: id,
    start_time: new Date(data.startMs).toISOString(),
    conversation_id: conversationIdOf(id),
    // What is a part of another interaction is found as such.
    call_uuids: data.state === 'joined' ? [] : [...new Set([id, ...data.callUUIDs])],
    state: data.state,
    direction: data.direction ?? null,
    end_time: data.endMs === undefined ? null : new Date(data.endMs).toISOString(),
    ended_by: data.endedBy ?? null,
    ani_digest: ani.digest,
    ani_last4: ani.last4,
    ani: ani.whole,
    dnis_digest: dnis.digest,
    dnis_last4: dnis.last4,
    dnis: dnis.whole,
    flags: data.flags,
    agents: data.agents,
    dns: data.dns,
    queues: data.queues,
    segments: data.segments,
    conversation_state: data.conversationState ?? null,
    conversation_detail:
      data.conversationDetail === undefined
        ? null
        : redactText(data.conversationDetail).slice(0, 1_000),
    rev,
    erased_at: row?.erased_at ?? null,
    found_by: row?.found_by ?? [],
  };
}

/** An interaction whose personal data were erased: ids and states stay. */
export function interactionWithoutPersonalData(
  row: InteractionRow,
  erasedAt: string,
): InteractionRow {
  return {
    ...row,
    ani_digest: null,
    ani_last4: null,
    ani: null,
    dnis_digest: null,
    dnis_last4: null,
    dnis: null,
    agents: [],
    dns: [],
    conversation_detail: null,
    erased_at: erasedAt,
  };
}
