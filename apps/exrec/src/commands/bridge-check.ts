import { readHybridIntegration, type HybridIntegration } from '@exrec/excp';
import { judge, type ConversationVerdict, type FeedVerdict } from '../bridge/verdict.js';
import { readFeed } from '../bridge/read-feed.js';
import type { Remark } from '../bridge/remark.js';
import { CliError, exitCodes } from '../connection/cli-error.js';
import { write, type CommonFlags, type Context } from '../context.js';
import { readGivenFile } from '../input/given-file.js';
import { timeLine } from '../output/time-line.js';

export type BridgeCheckFlags = CommonFlags & { readonly config?: string; readonly all?: boolean };

/** Of more conversations only those are shown about which something is to be said. */
const mostShown = 20;

/**
 * What EXCP would make of the call events of a bridge, conversation by conversation: what is missing, and what
 * contradicts itself. Asks nobody. Ends with 1 when there is anything of either, or an event was refused.
 */
export async function bridgeCheck(
  context: Context,
  flags: BridgeCheckFlags,
  file = '',
): Promise<number> {
  const rules = await rulesFrom(context, flags);
  const verdict = judge(readFeed(await readGivenFile(file, context)), {
    rules,
    nowMs: context.nowMs,
  });
  const { conversations, rejected, remarks } = verdict;
  const isSound = (found: readonly Remark[]) => found.every(({ level }) => level === 'note');
  const isFine =
    conversations.length > 0 &&
    rejected.length === 0 &&
    isSound(remarks) &&
    conversations.every((one) => isSound(one.remarks));
  const isFew = conversations.length <= mostShown || flags.all === true;
  const shown = isFew ? conversations : conversations.filter((one) => !isSound(one.remarks));
  const hidden = conversations.length - shown.length;
  write(context, flags, { ...verdict, fine: isFine }, [
    ...rejected.map(({ position, reason }) => ` ✗ event ${position} is refused: ${reason}`),
    ...remarks.flatMap((one) => remarkLines(one, context)),
    ...shown.flatMap((one) => conversationLines(one, context)),
    ...(hidden > 0 ? [`and ${hidden} conversations without a remark: --all shows them`] : []),
    summary(verdict),
  ]);
  return isFine ? exitCodes.fine : exitCodes.found;
}

async function rulesFrom(
  context: Context,
  { config }: BridgeCheckFlags,
): Promise<HybridIntegration | undefined> {
  const file = config ?? context.environment.HYBRID_INTEGRATION_FILE;
  if (file === undefined || file === '') return undefined;
  const reading = readHybridIntegration(await readGivenFile(file, context));
  if (reading.ok) return reading.settings;
  throw new CliError(`EXCP would not take ${file}`, { hint: `\`exrec config check ${file}\`` });
}

function conversationLines(one: ConversationVerdict, context: Context): string[] {
  const { terminal } = context;
  const { interactionId, direction, calls = [], events } = one;
  const head = `${direction}, ${counted(calls.length, 'call')}, ${counted(events, 'event')}`;
  return [
    `${terminal.paint('bold', `Call ${interactionId}`)}  ${head}`,
    ...timeLine(one, (iso) => iso.slice(11, 23)),
    ...one.answered.map(({ callUUID, agentId, dn, queue, language }) => {
      const call = callUUID === interactionId ? '' : ' on the consult';
      const way = queue === null ? 'without a queue' : `through ${queue}`;
      const spoken = language === null ? '' : `, language ${language}`;
      return `  → a recording of ${agentId ?? dn}${call} would go up ${way}${spoken}`;
    }),
    `  → ${genesysCloudWords(one)}`,
    ...one.remarks.flatMap((found) => remarkLines(found, context)),
    '',
  ];
}

function genesysCloudWords({ told, legs, genesysCloudEvents }: ConversationVerdict): string {
  if (!told) return 'Genesys Cloud is told nothing: nobody on it is in the sync scope';
  const names = legs.map(({ kind, place, agentId }) => `${agentId ?? place} (${kind})`);
  const events = counted(genesysCloudEvents.length, 'event');
  return `Genesys Cloud is told of ${names.join(', ')} in ${events}`;
}

function remarkLines({ level, at, text, hint }: Remark, { terminal }: Context): string[] {
  const marks = {
    missing: ['!', 'yellow'],
    contradiction: ['✗', 'red'],
    note: ['·', 'gray'],
  } as const;
  const [mark, style] = marks[level];
  const time = at === null ? '' : `${at.slice(11, 23)} `;
  return [` ${terminal.paint(style, mark)} ${time}${text}`, `     → ${hint}`];
}

function summary(verdict: FeedVerdict): string {
  const { events, duplicates, rejected, conversations, remarks } = verdict;
  const all = [...remarks, ...conversations.flatMap((one) => one.remarks)];
  const number = (level: Remark['level']) => all.filter((one) => one.level === level).length;
  const read = [
    `${counted(conversations.length, 'conversation')} of ${counted(events, 'event')}`,
    ...(duplicates > 0 ? [`${duplicates} came twice`] : []),
    ...(rejected.length > 0 ? [`${rejected.length} refused`] : []),
  ];
  if (events === 0) return `${read.join(', ')}: there is no event that EXCP would take`;
  const [missing, contradictions] = [number('missing'), number('contradiction')];
  return missing + contradictions === 0
    ? `${read.join(', ')}: nothing is missing, nothing contradicts itself`
    : `${read.join(', ')}: ${missing} missing, ${contradictions} contradictory`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
