import * as z from 'zod';
import { isGiven, write, serviceOf, type CommonFlags, type Context } from '../context.js';
import { CliError, exitCodes } from '../connection/cli-error.js';
import { services, type ServiceName } from '../connection/service.js';

type Check = { readonly status?: string; readonly reason?: string };
type Standing = {
  readonly service: ServiceName;
  /** null: known by what the ledger hears of it. */
  readonly url: string | null;
  readonly instance?: string;
  readonly version: string | null;
  /** `ready`, `degraded`, `not-ready`, `away`: it does not answer, or `gone`: it is not heard of any more. */
  readonly status: string;
  readonly findings: readonly { readonly check: string; readonly reason: string }[];
};

/** Whether the services are well, and why not. */
export async function status(context: Context, flags: CommonFlags): Promise<number> {
  const names = Object.keys(services) as ServiceName[]; // the keys of that very object
  const hasLedger = isGiven('ledger', context, flags);
  const standings = await Promise.all(
    names.map((name) =>
      // Where nobody said where it is the ledger knows its instances; a guess might be another system's.
      hasLedger && !isGiven(name, context, flags)
        ? heardOf(name, context, flags)
        : standingOf(name, context, flags),
    ),
  ).then((each) => each.flat());
  write(
    context,
    flags,
    { services: standings },
    standings.flatMap((one) => linesOf(one, context)),
  );
  return standings.every(({ status: word }) => word === 'ready') ? exitCodes.fine : exitCodes.found;
}

const instancesSchema = z.object({
  items: z.array(
    z.looseObject({
      service: z.string(),
      id: z.string(),
      version: z.string(),
      status: z.string(),
      findings: z.array(z.object({ check: z.string(), reason: z.string() })),
    }),
  ),
});

/** The instances of a service that the ledger hears of. */
async function heardOf(
  name: ServiceName,
  context: Context,
  flags: CommonFlags,
): Promise<Standing[]> {
  const unknown = { service: name, url: null, version: null, status: 'away' };
  try {
    const answer = await serviceOf('ledger', context, flags).ask('/api/v1/instances');
    const items = instancesSchema.parse(answer).items.filter(({ service }) => service === name);
    if (items.length === 0)
      return [
        { ...unknown, findings: [{ check: 'instances', reason: 'the ledger hears of none' }] },
      ];
    return items.map(({ id, version, status: word, findings }) => ({
      ...{ service: name, url: null, instance: id, version, status: word, findings },
    }));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{ ...unknown, findings: [{ check: 'ledger', reason: error.message }] }];
  }
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
  { service, url, instance, version, status: word, findings }: Standing,
  { terminal }: Context,
) {
  const mark = { ready: '✓', degraded: '!' }[word] ?? '✗';
  const style = { ready: 'green', degraded: 'yellow' }[word] ?? 'red';
  const painted = terminal.paint(style as 'green' | 'yellow' | 'red', mark);
  const head = ` ${painted} ${service.padEnd(8)} ${word.padEnd(10)} ${version ?? ''}  ${url ?? instance ?? ''}`;
  return [head.trimEnd(), ...findings.map(({ check, reason }) => `     ${check}: ${reason}`)];
}
