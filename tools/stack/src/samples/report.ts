import type { FollowedCall } from './follow.js';
import type { Cell, Column, Group, Table } from '../output/table.js';
import type { Style } from '../output/terminal.js';
import {
  endingWords,
  verdictOf,
  type FollowedRecording,
  type Organization,
  type SeenConversation,
  type Verdict,
} from './verdicts.js';

export type Report = {
  readonly table: Table;
  readonly summary: string;
  /** Every good recording was opened, byte by byte and with the right metadata, every bad one ended as it must. */
  readonly isAllRight: boolean;
};

const columns: readonly Column[] = [
  { heading: 'who' },
  { heading: 'queue' },
  { heading: 'program, language or why not' },
  { heading: 'conversation' },
  { heading: 'ended', widthMax: 17 },
  { heading: 'verified' },
];
const nothing: Cell = { text: '–', style: 'dim' };

/** How all the recordings ended, for a person to read. */
export function reportOf(calls: readonly FollowedCall[], organization: Organization): Report {
  const judged = calls.map((call) => judgeCall(call, organization));
  const verdicts = judged.flatMap((each) => each.verdicts);
  return {
    table: { titleHeading: 'call', columns, groups: judged.map(({ group }) => group) },
    summary: summaryOf(calls, verdicts, organization),
    isAllRight:
      judged.every(({ group }) => group.notes?.length === 0) &&
      verdicts.length > 0 &&
      verdicts.every(({ problems }) => problems.length === 0),
  };
}

function judgeCall(
  { call, recordings, segmentCount }: FollowedCall,
  organization: Organization,
): { readonly group: Group; readonly verdicts: readonly Verdict[] } {
  const judged = recordings.map((recording) => {
    const verdict = verdictOf(recording, organization);
    return { verdict, row: rowOf(recording, verdict, organization) };
  });
  const verdicts = judged.map(({ verdict }) => verdict);
  const problems = [
    ...refusedEvents(call.eventAnswers),
    ...(segmentCount === recordings.length
      ? []
      : [`EXCP knows ${segmentCount ?? 'nothing'} of ${recordings.length} recordings`]),
    ...recordings.flatMap(({ played }, index) =>
      (verdicts[index]?.problems ?? []).map((problem) => `${whoOf(played)}: ${problem}`),
    ),
  ];
  const rows = judged.map(({ row }) => row);
  const group: Group = {
    title: call.title,
    rows: rows.length > 0 ? rows : [emptyRow(problems.length === 0)],
    notes: problems.map((text) => ({ text: `✗ ${text}`, style: 'red' })),
  };
  return { group, verdicts };
}

function refusedEvents(answers: FollowedCall['call']['eventAnswers']): string[] {
  const refused = answers.filter(({ status }) => status !== 202);
  return refused.length === 0
    ? []
    : [`EXCP answered ${refused.map(({ status }) => status).join(', ')} to call events`];
}

function rowOf(
  { played, seen }: FollowedRecording,
  { ending, decision, verified }: Verdict,
  organization: Organization,
): Cell[] {
  const isOutOfScope = ending.state === 'out of scope';
  return [
    { text: whoOf(played) },
    decision === undefined ? nothing : { text: decision.queue ?? 'no queue' },
    decision === undefined || isOutOfScope ? nothing : analyticsCell(decision.sta, organization),
    conversationCell(seen.conversation),
    { text: endingWords(ending), style: styleOf(ending.state) },
    verifiedCell(verified),
  ];
}

/** A call on which nothing was recorded. */
function emptyRow(isRight: boolean): Cell[] {
  const ended: Cell = { text: 'nothing recorded', style: 'dim' };
  return [nothing, nothing, nothing, nothing, ended, verifiedCell(isRight)];
}

function analyticsCell(
  sta: NonNullable<Verdict['decision']>['sta'],
  { programName }: Organization,
): Cell {
  if ('reason' in sta) return { text: sta.reason, style: 'yellow' };
  return { text: `${programName(sta.programId)}, ${sta.language}` };
}

function conversationCell(seen: SeenConversation | undefined): Cell {
  if (seen === undefined) return nothing;
  const legs = `${seen.legs} ${seen.legs === 1 ? 'leg' : 'legs'}`;
  if (seen.missing.length === 0) return { text: legs };
  return { text: `${legs}, incomplete`, style: 'yellow' };
}

function verifiedCell(verified: boolean | null): Cell {
  if (verified === null) return nothing;
  return verified ? { text: '✓', style: 'green' } : { text: '✗', style: 'red' };
}

function styleOf(state: string): Style {
  if (state === 'confirmed' || state === 'uploaded') return 'green';
  return state === 'out of scope' ? 'dim' : 'yellow';
}

function whoOf({ segment }: FollowedRecording['played']): string {
  return segment.agentId ?? segment.recordDN;
}

function summaryOf(
  calls: readonly FollowedCall[],
  verdicts: readonly Verdict[],
  { isReal }: Organization,
): string {
  const inState = (...states: string[]) =>
    verdicts.filter(({ ending }) => states.includes(ending.state)).length;
  const delivered = inState('confirmed', 'uploaded');
  const outOfScope = inState('out of scope');
  const heldBack = verdicts.length - delivered - outOfScope;
  const wrong = verdicts.filter(({ problems }) => problems.length > 0).length;
  return [
    `${calls.length} calls, ${verdicts.length} recordings:`,
    `${delivered} in Genesys Cloud (${inState('confirmed')} confirmed),`,
    `${heldBack} held back with their cause, ${outOfScope} out of scope.`,
    wrong > 0
      ? `${wrong} ended otherwise than they had to, see the lines with ✗.`
      : endWords(isReal),
  ].join(' ');
}

function endWords(isReal: boolean): string {
  return isReal
    ? 'All ended as they had to; what is inside the uploads only Genesys Cloud can tell.'
    : 'All ended as they had to; each upload was opened: same audio byte for byte, right metadata, whole conversation.';
}
