import { recordingIdOf } from '@exrec/gc-metadata';
import type { RecordingStore } from '@exrec/recording-store';
import { Router, type Response } from 'express';
import * as z from 'zod';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { InjectionAccess } from './access.js';
import { jsonBody, readWith } from './json-body.js';

export type ReconciliationRoutesOptions = {
  readonly recordings: Pick<RecordingStore, 'list'>;
  readonly store: Pick<InjectionStore, 'standingOf'>;
  readonly access: Pick<InjectionAccess, 'mayRead'>;
};

const lookupSchema = z.object({ recordingIds: z.array(z.string().max(64)).max(1_000) });

/**
 * What EXCP needs to compare its segments with EXRP's recordings and the storage:
 * the state of many recordings at once, and the audio files, one JSON line each as they are listed.
 */
export function reconciliationRoutes(options: ReconciliationRoutesOptions): Router {
  const { recordings, store, access } = options;
  const router = Router();

  router.post(
    '/injections/lookup',
    access.mayRead,
    ...jsonBody('1mb'),
    async (request, response) => {
      const { recordingIds } = readWith(lookupSchema, request.body);
      const items = await Promise.all(
        recordingIds.map(async (recordingId) => {
          const { state, cause, uploadedAtMs } = await store.standingOf(recordingId);
          const uploadedAt =
            uploadedAtMs === undefined ? null : new Date(uploadedAtMs).toISOString();
          return { recordingId, state: state ?? null, cause: cause ?? null, uploadedAt };
        }),
      );
      response.json({ items });
    },
  );

  router.get('/audio-files', access.mayRead, async (_request, response) => {
    response.type('application/x-ndjson');
    for await (const { name, sizeBytes, modifiedAtMs } of recordings.list()) {
      const { state } = await store.standingOf(recordingIdOf(name));
      const modifiedAt = new Date(modifiedAtMs).toISOString();
      const line = { name, sizeBytes, modifiedAt, state: state ?? null };
      // The client may have gone meanwhile; a response that is closed already never drains.
      if (response.destroyed) return;
      if (!response.write(`${JSON.stringify(line)}\n`)) await drained(response);
    }
    response.end();
  });
  return router;
}

function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}
