import * as z from 'zod';
import { exitCodes } from '../connection/cli-error.js';
import { excpOf, write, type CommonFlags, type Context } from '../context.js';
import { confirm } from '../output/confirm.js';
import { tableLines } from '../output/table.js';

export type OrphanFlags = CommonFlags & { readonly attach?: boolean };

const orphansSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      recordingId: z.string().nullish(),
      orphanId: z.string().nullish(),
      orphanStatus: z.string().nullish(),
    }),
  ),
});

/** Recordings that Genesys Cloud holds without their conversation; `--attach` gives each its own. */
export async function orphans(context: Context, flags: OrphanFlags): Promise<number> {
  const excp = excpOf(context, flags);
  const document = await excp.ask('/api/v1/orphans');
  const { items } = orphansSchema.parse(document);
  if (items.length === 0 || flags.attach !== true) {
    const rows = items.map(({ recordingId, orphanId, orphanStatus }) => [
      recordingId ?? orphanId ?? '–',
      orphanStatus ?? '–',
    ]);
    const table = tableLines([{ heading: 'recording' }, { heading: 'status' }], rows);
    write(context, flags, document, items.length === 0 ? ['no orphans'] : table);
    return items.length === 0 ? exitCodes.fine : exitCodes.found;
  }
  const question = `${items.length} orphans would be given their conversation. Attach them?`;
  if (!(await confirm(question, context, flags))) return exitCodes.found;
  const attached = await excp.ask('/api/v1/orphans/attach', { method: 'POST', body: {} });
  write(context, flags, attached, [JSON.stringify(attached)]);
  return exitCodes.fine;
}
