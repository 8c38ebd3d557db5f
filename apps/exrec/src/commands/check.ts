import * as z from 'zod';
import { checkGenesysCloud } from '../check/genesys-cloud.js';
import { someOf, stops, warning, fine, type Finding } from '../check/finding.js';
import { checkPostgres } from '../check/postgres.js';
import { checkRedis } from '../check/redis.js';
import { checkSettings } from '../check/settings.js';
import { checkWebdav } from '../check/webdav.js';
import { CliError, exitCodes } from '../connection/cli-error.js';
import { excpOf, isGiven, write, serviceOf, type CommonFlags, type Context } from '../context.js';

export type CheckFlags = CommonFlags & { readonly strict?: boolean };

/**
 * Everything that has to be right before the first recording, with the settings of this environment. Nothing it does
 * leaves a trace. Ends with 1 when something stops recordings from arriving, with `--strict` for any finding.
 */
export async function check(context: Context, flags: CheckFlags): Promise<number> {
  const { settings, findings } = checkSettings(context.environment);
  const all: Finding[] = [...findings];
  if (settings !== undefined) {
    const parts = [
      checkRedis(settings),
      checkPostgres(settings),
      checkWebdav(settings),
      checkGenesysCloud(settings, context.nowMs),
    ];
    for (const part of await Promise.all(parts)) all.push(...part);
  }
  all.push(...(await checkGaps(context, flags)));
  const bad = all.filter(({ level }) => level !== 'fine');
  const stopping = bad.filter(({ level }) => level === 'stops');
  const isFine = flags.strict === true ? bad.length === 0 : stopping.length === 0;
  write(context, flags, { findings: all, fine: isFine }, [
    ...all.flatMap((finding) => linesOf(finding, context)),
    summary(bad.length, stopping.length),
  ]);
  return isFine ? exitCodes.fine : exitCodes.found;
}

function summary(count: number, stopping: number): string {
  if (count === 0) return ' nothing found';
  const noun = count === 1 ? 'finding' : 'findings';
  const stop = stopping === 1 ? '1 of them stops' : `${stopping} of them stop`;
  return ` ${count} ${noun}, ${stop} recordings from arriving or being confirmed`;
}

function linesOf({ level, subject, text, hint }: Finding, { terminal }: Context): string[] {
  const marks = { fine: ['✓', 'green'], warning: ['!', 'yellow'], stops: ['✗', 'red'] } as const;
  const [mark, style] = marks[level];
  const line = ` ${terminal.paint(style, mark)} ${subject.padEnd(14)} ${text}`;
  return hint === undefined ? [line] : [line, `   ${' '.repeat(14)} → ${hint}`];
}

const gapsSchema = z.looseObject({
  gaps: z.array(z.looseObject({ kind: z.enum(['agent', 'queue']), name: z.string() })).default([]),
  genesysCloud: z.looseObject({ unknownLogins: z.array(z.string()).default([]) }).default({
    unknownLogins: [],
  }),
});
const gapHints = {
  agent: 'agent_map, or leave them: they are bare phones in Genesys Cloud',
  queue: 'queue_map, or leave them: those calls go up all the same, without transcription',
} as const;

const loginHint =
  'agent_map, or that e-mail at the user in Genesys Cloud; until then they are bare phones there';

/** Agents and queues that were met on calls and that Genesys Cloud does not know; EXCP away is a finding as well. */
async function checkGaps(context: Context, flags: CommonFlags): Promise<Finding[]> {
  // A ledger that is away stops no recording.
  const excp = isGiven('excp', context, flags)
    ? serviceOf('excp', context, flags)
    : excpOf(context, flags);
  try {
    const { gaps, genesysCloud } = gapsSchema.parse(await excp.ask('/api/v1/configuration'));
    const { unknownLogins: logins } = genesysCloud;
    const findings = (['queue', 'agent'] as const).flatMap((kind) => {
      const names = gaps
        .filter((gap) => gap.kind === kind)
        .map(({ name }) => name)
        .filter((name) => !logins.includes(name.trim().toLowerCase()));
      if (names.length === 0) return [];
      const text = `${names.length} on calls that Genesys Cloud does not know: ${someOf(names)}`;
      return [warning(`${kind}s`, text, gapHints[kind])];
    });
    if (logins.length > 0) {
      const noun =
        logins.length === 1 ? '1 login is the e-mail' : `${logins.length} logins are e-mails`;
      const text = `${noun} of no user in Genesys Cloud: ${someOf(logins)}`;
      findings.push(warning('agents', text, loginHint));
    }
    return findings.length > 0
      ? findings
      : [fine('calls', 'all agents and queues seen so far are known')];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [stops('excp', error.message, error.hint ?? 'EXCP_URL')];
  }
}
