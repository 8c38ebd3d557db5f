import { recordingIdOf } from '@exrec/gc-metadata';
import type { RecordingStore } from '@exrec/recording-store';
import { route, type Route } from '@exrec/service-kit';
import type { Response } from 'express';
import * as z from 'zod';
import { injectionStates } from '../injection/states/injection.js';
import type { InjectionStore } from '../injection/store/injection-store.js';
import type { SeenFiles } from '../retention/seen-files.js';
import type { InjectionAccess } from './access.js';

export type ReconciliationRoutesOptions = {
  readonly recordings: Pick<RecordingStore, 'list'>;
  readonly store: Pick<InjectionStore, 'standingOf'>;
  /** Since when EXRP knows a file: stands in for its time where the storage tells none. */
  readonly seenFiles: Pick<SeenFiles, 'record'>;
  readonly now: () => number;
  readonly access: Pick<InjectionAccess, 'mayRead'>;
};

const lookupSchema = z.object({ recordingIds: z.array(z.string().max(64)).max(1_000) });
const standingsSchema = z.object({
  items: z.array(
    z.object({
      recordingId: z.string(),
      state: z.enum(injectionStates).nullable(),
      cause: z.string().nullable(),
      uploadedAt: z.iso.datetime().nullable(),
    }),
  ),
});

/**
 * What EXCP needs to compare its segments with EXRP's recordings and the storage:
 * the state of many recordings at once, and the audio files, one JSON line each as they are listed.
 */
export function reconciliationRoutes(options: ReconciliationRoutesOptions): readonly Route[] {
  const { recordings, store, seenFiles, now, access } = options;
  return [
    route({
      method: 'post',
      path: '/api/v1/injections/lookup',
      summary: 'State and cause of up to 1000 recordings',
      access: access.mayRead,
      body: { schema: lookupSchema, limit: '1mb' },
      answers: { 200: { description: 'one item for each id', schema: standingsSchema } },
      answer: async ({ body }) => {
        const items = await Promise.all(
          body.recordingIds.map(async (recordingId) => {
            const { state, cause, uploadedAtMs } = await store.standingOf(recordingId);
            const uploadedAt =
              uploadedAtMs === undefined ? null : new Date(uploadedAtMs).toISOString();
            return { recordingId, state: state ?? null, cause: cause ?? null, uploadedAt };
          }),
        );
        return { body: { items } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/audio-files',
      summary: 'The audio files in the transient storage, a JSON line each',
      access: access.mayRead,
      answers: {
        200: { description: 'name, size, time and state', type: 'application/x-ndjson' },
      },
      answer: async ({ response }) => {
        response.type('application/x-ndjson');
        for await (const { name, sizeBytes, modifiedAtMs } of recordings.list()) {
          const { state } = await store.standingOf(recordingIdOf(name));
          const [since = now()] =
            modifiedAtMs === undefined ? await seenFiles.record([name], now()) : [modifiedAtMs];
          const modifiedAt = new Date(since).toISOString();
          const line = { name, sizeBytes: sizeBytes ?? null, modifiedAt, state: state ?? null };
          // The client may have gone meanwhile; a response that is closed already never drains.
          if (response.destroyed) return undefined;
          if (!response.write(`${JSON.stringify(line)}\n`)) await drained(response);
        }
        response.end();
        return undefined;
      },
    }),
  ];
}

function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}
