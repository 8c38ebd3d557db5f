import type { PlayedScenario } from '@exrec/simulator';
import { waitFor } from '@exrec/testing';
import { patience } from '../patience.js';
import { secrets } from '../system/settings.js';
import type { System } from '../system/system.js';

/** Ends the calls of which no events are told, once all is told: nothing of a run may hang on how long it is quiet. */
export async function endQuietCalls(
  calls: readonly PlayedScenario[],
  { urls }: Pick<System, 'urls'>,
): Promise<void> {
  const quiet = calls.filter(
    ({ eventAnswers, segments }) => eventAnswers.length === 0 && segments.length > 0,
  );
  for (const { callUUID } of quiet) {
    const end = () =>
      fetch(`${urls.excp}/api/v1/interactions/${callUUID}/end`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secrets.adminToken}` },
      });
    // One of which nothing was taken is not there.
    const isOver = async () => {
      const { ok, status } = await end();
      return ok || status === 404;
    };
    await waitFor(`the end of ${callUUID}`, () => isOver().catch(() => false), patience);
  }
}
