import { randomBytes } from 'node:crypto';
import { gcClients } from '@exrec/gc-api';
import { GcClient } from '../check/gc-client.js';
import { checkSettings } from '../check/settings.js';
import { CliError, exitCodes, wrongUse } from '../connection/cli-error.js';
import { write, type CommonFlags, type Context } from '../context.js';
import { confirm } from '../output/confirm.js';
import { Progress } from '../output/progress.js';
import { tableLines } from '../output/table.js';
import { borrowedFrom, type Organization } from '../rehearse/organization.js';
import { batchOf, play, tell, type Outcome } from '../rehearse/play.js';
import { eventsOf, scenarios } from '../rehearse/scenarios.js';

export type RehearseFlags = CommonFlags & { readonly wait?: string };

/** Something that Genesys says nothing of (docs/design/CONVERSATIONS.md#7-open-questions), and what this organization answered. */
type Answer = { readonly question: string; readonly answer: string };

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Tells a test organization one call of each kind and looks what it makes of them. Ends with 1 when something is refused
 * or not shown whole.
 */
export async function rehearse(context: Context, flags: RehearseFlags): Promise<number> {
  const { client, source } = await loggedIn(context);
  const organization = await borrowedFrom(client, source);
  const waitMs = Number(flags.wait ?? 60) * 1000;
  if (!(waitMs >= 0)) throw wrongUse('--wait is a number of seconds');
  const { users, queues } = organization;
  const question = `${scenarios.length + 3} made-up conversations would be told to Genesys Cloud as calls of ${users.join(' and ')}, through ${queues.join(' and ')}. They stay there, and count in its statistics: do this with a test organization.`;
  if (!(await confirm(`${question} Go on?`, context, flags))) return exitCodes.found;
  const progress = new Progress(context.terminal);
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    const callUUID = newCall();
    const events = eventsOf(scenario, { callUUID, startMs: context.nowMs - 10 * minuteMs });
    const told = { name: scenario.name, callUUID, events };
    outcomes.push(await play(client, told, { directory: organization.directory, waitMs }));
    progress.show(outcomes.length, scenarios.length);
  }
  progress.end();
  const answers = await ask(client, organization, context.nowMs);
  const isFine = outcomes.every(isWhole);
  write(context, flags, { conversations: outcomes, answers, fine: isFine }, [
    ...tableLines(
      [
        { heading: 'call' },
        { heading: 'events', align: 'right' },
        { heading: 'what became of it' },
      ],
      outcomes.map((one) => [one.scenario, String(one.events), became(one, context)]),
    ),
    '',
    ...answers.map(({ question: words, answer }) => ` ${words}: ${answer}`),
  ]);
  return isFine ? exitCodes.fine : exitCodes.found;
}

async function loggedIn(context: Context) {
  const { settings, findings } = checkSettings(context.environment);
  if (settings === undefined)
    throw wrongUse(
      findings.map(({ text }) => text).join('; '),
      '`exrec check` looks at all settings',
    );
  const [credentials] = gcClients(settings);
  if (credentials === undefined) throw wrongUse('GC_CLIENT_ID is needed');
  const client = new GcClient(credentials, settings);
  const { status } = await client.login();
  if (status !== 200)
    throw new CliError(`Genesys Cloud does not let this client in (${status})`, {
      hint: '`exrec check` says why',
    });
  return { client, source: settings.EXCP_GC_SOURCE };
}

/** What can be found out by one more request each. */
async function ask(
  client: GcClient,
  { directory }: Organization,
  nowMs: number,
): Promise<Answer[]> {
  const [, direct] = scenarios;
  if (direct === undefined) return [];
  const batchFrom = (startMs: number, callUUID = newCall()) =>
    batchOf(eventsOf(direct, { callUUID, startMs }), directory).batch;
  const answers: Answer[] = [];
  const told = async (question: string, batch: object) => {
    const { status, refused } = await tell(client, batch);
    const answer = refused.length === 0 ? `taken (${status})` : `refused: ${refused[0] ?? ''}`;
    answers.push({ question, answer: status >= 400 ? `refused (${status})` : answer });
  };
  const twice = batchFrom(nowMs - 10 * minuteMs);
  await tell(client, twice);
  await told('the same events again, under the same ids', twice);
  await told('a call of yesterday', batchFrom(nowMs - dayMs));
  await told('a call of a month ago', batchFrom(nowMs - 30 * dayMs));
  const { status } = await client.call('GET', '/api/v2/orphanrecordings?pageSize=1');
  answers.push({
    question: 'orphan recordings can be listed',
    answer: status === 200 ? 'yes' : `no (${status})`,
  });
  return answers;
}

/** 32 characters, none that was ever a call. */
const newCall = () => `REHEARSAL${randomBytes(11).toString('hex').toUpperCase()}0`;

function isWhole({ status, refused, legs, shown, ended }: Outcome): boolean {
  return status < 400 && refused.length === 0 && shown === legs && ended === legs;
}

function became(outcome: Outcome, { terminal }: Context): string {
  const { status, refused, legs, shown, ended, externalTag, analytics } = outcome;
  const mark = isWhole(outcome) ? terminal.paint('green', '✓') : terminal.paint('red', '✗');
  if (status >= 400 || status === 0) return `${mark} the request was refused (${status})`;
  if (refused.length > 0) return `${mark} ${refused.length} events refused: ${refused[0] ?? ''}`;
  if (shown === null) return `${mark} taken, and not shown as a conversation`;
  const extra = [
    ...(externalTag ? ['tagged'] : ['no tag']),
    ...(analytics ? ['in analytics'] : ['not in analytics']),
  ];
  return `${mark} ${shown} of ${legs} legs shown, ${ended} ended; ${extra.join(', ')}`;
}
