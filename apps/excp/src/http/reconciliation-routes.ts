import { setTimeout as sleep } from 'node:timers/promises';
import { HttpProblem, type Access } from '@exrec/service-kit';
import { Router, type Response } from 'express';
import type { ReconciliationStore } from '../reconciliation/reconciliation-store.js';
import type { Reconciliations } from '../reconciliation/reconciliations.js';

export type ReconciliationRoutesOptions = {
  readonly reconciliations: Reconciliations;
  readonly store: ReconciliationStore;
  readonly access: Access;
};

/** Whoever asks waits this long for the result; a larger site's comes later, under `latest`. */
const patienceMs = 20_000;
const latestPath = '/api/v1/reconciliations/latest';

/** Compares segments, recordings and audio files on demand, and shows the latest comparison. */
export function reconciliationRoutes(options: ReconciliationRoutesOptions): Router {
  const { reconciliations, store, access } = options;
  const router = Router();

  router.post('/reconciliations', access.atLeast('operator'), async (_request, response) => {
    const started = await reconciliations.start();
    if (started.kind === 'running') {
      answerRunning(response);
      return;
    }
    const result = await Promise.race([
      started.result,
      sleep(patienceMs, undefined, { ref: false }),
    ]);
    if (result === undefined) answerRunning(response);
    else response.json({ running: false, ...result });
  });

  router.get('/reconciliations/latest', access.atLeast('viewer'), async (_request, response) => {
    const [latest, running] = await Promise.all([store.latest(), store.isRunning()]);
    if (latest === undefined && !running) {
      throw new HttpProblem(404, { detail: 'there was no reconciliation yet' });
    }
    response.json({ running, ...latest });
  });
  return router;
}

function answerRunning(response: Response): void {
  response.status(202).location(latestPath).json({ running: true });
}
