import type { KeptInteraction } from '../call-log/kept-interaction.js';
import type { Interaction } from '../interaction/index.js';

/** What was unusual about an interaction, for GC-metadata and for whoever looks at it. */
export function flagsOf(
  interaction: Pick<Interaction, 'flags'>,
  {
    ended,
    capped,
    unlinked,
    pull,
  }: Pick<KeptInteraction, 'ended' | 'capped' | 'unlinked' | 'pull'>,
): string[] {
  const flags = new Set<string>(interaction.flags);
  if (capped) flags.add('event-cap');
  if (unlinked) flags.add('call-cap');
  if (ended?.why === 'timed-out') flags.add('timed-out');
  if (pull?.state === 'missing') flags.add('metadata-missing');
  return [...flags];
}
