import { callsView, type Interaction } from '@exrec/excp';
import type { Course } from '../output/time-line.js';

/** An interaction as EXCP would tell it (docs/design/CONTRACTS.md#25-reading-back). */
export function courseOf(interaction: Interaction): Course {
  return {
    interactionId: interaction.rootCallUUID,
    ...callsView(interaction),
    userData: interaction.userData.map(({ atMs, changes }) => ({
      at: new Date(atMs).toISOString(),
      changes,
    })),
  };
}
