import type { InteractionRow, RecordingRow } from '../database/tables.js';

/** What an interaction can be found by: a kind and a value, as the database keeps them. */
export const terms = {
  agent: (value: string) => `agent:${value}`,
  dn: (value: string) => `dn:${value}`,
  queue: (value: string) => `queue:${value}`,
  conversation: (value: string) => `conversation:${value}`,
  number: (digest: string) => `number:${digest}`,
  last4: (digits: string) => `last4:${digits}`,
  state: (value: string) => `state:${value}`,
  cause: (value: string) => `cause:${value}`,
  language: (value: string) => `language:${value}`,
  /** By id or name. */
  program: (value: string) => `program:${value}`,
  /** `requested`, `not-requested` or a reason. */
  sta: (value: string) => `sta:${value}`,
  scope: (value: 'in' | 'out') => `scope:${value}`,
} as const;

type Numbers = Pick<InteractionRow, 'ani_digest' | 'ani_last4' | 'dnis_digest' | 'dnis_last4'>;

/** Everything that an interaction is found by: what it has itself, and what each of its recordings has. Pure. */
export function foundBy(
  row: Omit<InteractionRow, 'found_by'>,
  recordings: readonly RecordingRow[],
): string[] {
  const own = [
    ...row.agents.map(terms.agent),
    ...row.dns.map(terms.dn),
    ...row.queues.map(terms.queue),
    terms.conversation(row.conversation_id),
    ...ofNumbers(row),
  ];
  return [...new Set([...own, ...recordings.flatMap(ofRecording)])].sort();
}

function ofRecording(row: RecordingRow): string[] {
  const { state, cause, language, program_id, program_name, sta, in_scope } = row;
  return [
    ...given(terms.agent, row.agent),
    ...given(terms.dn, row.dn),
    ...given(terms.queue, row.queue),
    ...ofNumbers(row),
    terms.state(state),
    ...given(terms.cause, cause),
    ...given(terms.language, language),
    ...given(terms.program, program_id),
    ...given(terms.program, program_name),
    ...given(terms.sta, sta),
    ...(sta === null || sta === 'requested' ? [] : [terms.sta('not-requested')]),
    ...(in_scope === null ? [] : [terms.scope(in_scope ? 'in' : 'out')]),
  ];
}

function ofNumbers(row: Numbers): string[] {
  return [
    ...given(terms.number, row.ani_digest),
    ...given(terms.number, row.dnis_digest),
    ...given(terms.last4, row.ani_last4),
    ...given(terms.last4, row.dnis_last4),
  ];
}

function given(termOf: (value: string) => string, value: string | null): string[] {
  return value === null || value === '' ? [] : [termOf(value)];
}
