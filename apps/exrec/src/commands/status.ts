import { print, serviceOf, type CommonFlags, type Context } from '../context.js';
import { CliError, exitCodes } from '../connection/cli-error.js';
import { services, type ServiceName } from '../connection/service.js';

type Check = { readonly status?: string; readonly reason?: string };
type Standing = {
  readonly service: ServiceName;
  readonly url: string;
  readonly version: string | null;
  /** `ready`, `degraded`, `not-ready`, or `away`: it does not answer. */
  readonly status: string;
  readonly findings: readonly { readonly check: string; readonly reason: string }[];
};

/** Whether the services are well, and why not. */
export async function status(context: Context, flags: CommonFlags): Promise<number> {
  const names = Object.keys(services) as ServiceName[]; // the keys of that very object
  const standings = await Promise.all(names.map((name) => standingOf(name, context, flags)));
  print(
    context,
    flags,
    { services: standings },
    standings.flatMap((one) => linesOf(one, context)),
  );
  return standings.every(({ status: word }) => word === 'ready') ? exitCodes.fine : exitCodes.found;
}

async function standingOf(
  name: ServiceName,
  context: Context,
  flags: CommonFlags,
): Promise<Standing> {
  const service = serviceOf(name, context, flags);
  const { url } = service;
  try {
    const [ready, version] = await Promise.all([
      service.answer('/health/ready'),
      service.answer('/version'),
    ]);
    const { status: word = 'away', checks = {} } = ready.body as {
      status?: string;
      checks?: Record<string, Check>;
    };
    const findings = Object.entries(checks)
      .filter(([, { status: state }]) => state !== 'up')
      .map(([check, { reason = 'down' }]) => ({ check, reason }));
    const { version: release = null } = version.body as { version?: string };
    return { service: name, url, version: release, status: word, findings };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const findings = [{ check: 'address', reason: error.message }];
    return { service: name, url, version: null, status: 'away', findings };
  }
}

function linesOf(
  { service, url, version, status: word, findings }: Standing,
  { terminal }: Context,
) {
  const mark = { ready: '✓', degraded: '!' }[word] ?? '✗';
  const style = { ready: 'green', degraded: 'yellow' }[word] ?? 'red';
  const painted = terminal.paint(style as 'green' | 'yellow' | 'red', mark);
  const head = ` ${painted} ${service.padEnd(8)} ${word.padEnd(10)} ${version ?? ''}  ${url}`;
  return [head.trimEnd(), ...findings.map(({ check, reason }) => `     ${check}: ${reason}`)];
}
