import { readHybridIntegration, scopeOf, type SyncScope } from '@exrec/excp';
import * as z from 'zod';
import { CliError, exitCodes } from '../connection/cli-error.js';
import type { Service } from '../connection/service.js';
import { excpOf, write, type CommonFlags, type Context } from '../context.js';
import { readGivenFile } from '../input/given-file.js';

export type ScopeFlags = CommonFlags & { readonly file?: string };

const scopeSchema = z.object({
  agents: z.array(z.string()),
  dns: z.array(z.string()),
  queues: z.array(z.string()),
});
const configurationSchema = z.looseObject({
  rules: z.looseObject({ syncScope: scopeSchema.nullable() }).nullable(),
});

/** What stands for "none": a direct call has no queue, a trunk no agent. */
const none = '-';

/**
 * Whether a recording of this agent, DN and queue would be sent, and by which rule; `-` for none of them. By the file
 * that is named, else by that of HYBRID_INTEGRATION_FILE, else by what EXCP goes by now. Ends with 1 when it would not.
 */
export async function configScope(
  context: Context,
  flags: ScopeFlags,
  agent = none,
  dn = none,
  queue = none,
): Promise<number> {
  const { scope, source } = await scopeFrom(context, flags);
  const subject = { agentId: given(agent), dn: given(dn), queue: given(queue) };
  const decision = scopeOf(subject, scope);
  const { inScope, rule } = decision;
  write(context, flags, { ...decision, subject, source }, [
    inScope
      ? `in scope: ${rule === 'no-sync-scope' ? 'there is no sync_scope, everything is' : rule}`
      : `not in scope: no rule of sync_scope matches (${source})`,
  ]);
  return inScope ? exitCodes.fine : exitCodes.found;
}

const given = (word: string) => (word === none || word === '' ? undefined : word);

async function scopeFrom(
  context: Context,
  flags: ScopeFlags,
): Promise<{ scope: SyncScope | undefined; source: string }> {
  const file = flags.file ?? context.environment.HYBRID_INTEGRATION_FILE;
  if (file === undefined || file === '') return scopeInForce(context, flags);
  const reading = readHybridIntegration(await readGivenFile(file, context));
  if (!reading.ok)
    throw new CliError(`EXCP would not take ${file}`, { hint: `\`exrec config check ${file}\`` });
  return { scope: reading.settings.syncScope, source: file };
}

async function scopeInForce(context: Context, flags: ScopeFlags) {
  const excp = excpOf(context, flags);
  const { rules } = configurationSchema.parse(await excp.ask('/api/v1/configuration'));
  if (rules === null)
    throw new CliError('EXCP has no usable rules: nothing is decided', {
      hint: '`exrec status` names the fault, `exrec config check FILE` its line',
    });
  return { scope: rules.syncScope ?? undefined, source: sourceOf(excp) };
}

const sourceOf = ({ name, url }: Service) =>
  name === 'ledger' ? `EXCP, by the ledger at ${url}` : `EXCP at ${url}`;
