import { checkGenesysCloud } from '../check/genesys-cloud.js';
import { someOf, stops, warning, fine, type Finding } from '../check/finding.js';
import { checkRedis } from '../check/redis.js';
import { checkSettings } from '../check/settings.js';
import { checkWebdav } from '../check/webdav.js';
import { CliError, exitCodes } from '../connection/cli-error.js';
import { print, serviceOf, type CommonFlags, type Context } from '../context.js';

export type CheckFlags = CommonFlags & { readonly strict?: boolean };

/**
 * Everything that has to be right before the first recording, with the settings of this environment. Nothing it does
 * leaves a trace. Ends with 1 when something stops recordings from arriving, with `--strict` for any finding.
 */
export async function check(context: Context, flags: CheckFlags): Promise<number> {
  const { settings, findings } = checkSettings(context.environment);
  const all: Finding[] = [...findings];
  if (settings !== undefined) {
    const parts = [checkRedis(settings), checkWebdav(settings), checkGenesysCloud(settings)];
    for (const part of await Promise.all(parts)) all.push(...part);
  }
  all.push(...(await checkMappings(context, flags)));
  const bad = all.filter(({ level }) => level !== 'fine');
  const stopping = bad.filter(({ level }) => level === 'stops');
  const isFine = flags.strict === true ? bad.length === 0 : stopping.length === 0;
  print(context, flags, { findings: all, fine: isFine }, [
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

/** What EXCP knows of agents and queues that Genesys Cloud does not have; EXCP that is away is a finding as well. */
async function checkMappings(context: Context, flags: CommonFlags): Promise<Finding[]> {
  const excp = serviceOf('excp', context, flags);
  try {
    const configuration = await excp.ask('/api/v1/configuration');
    const { gaps } = configuration as { gaps?: Record<string, Record<string, number>> };
    if (gaps === undefined) return [];
    const findings = Object.entries(gaps).flatMap(([kind, byName]) => {
      const names = Object.keys(byName);
      if (names.length === 0) return [];
      const text = `${names.length} that Genesys Cloud does not know: ${someOf(names)}`;
      const hint = kind.startsWith('agent')
        ? 'agent_map, or leave them'
        : 'queue_map, or leave them';
      return [warning(kind, text, `${hint}: those calls go up all the same`)];
    });
    return findings.length > 0
      ? findings
      : [fine('mappings', 'all agents and queues seen are known')];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [stops('excp', error.message, error.hint ?? 'EXCP_URL')];
  }
}
