import { HttpProblem, isDeeperThan } from '@exrec/service-kit';
import type { StaSnapshot } from '@exrec/sta-resolver';
import express, { Router, type RequestHandler } from 'express';
import {
  previewSta,
  staQuestionSchema,
  type StaQuestion,
  type StaSettings,
} from '../sta-config/index.js';

export type StaPreviewOptions = {
  /** Lets only administrators pass. */
  readonly authorize: RequestHandler;
  readonly snapshot: () => StaSnapshot | null;
  readonly settings: () => StaSettings;
};

const maxBodyBytes = 64 * 1024;
const maxDepth = 32;

/** `POST /api/v1/sta/preview`: the STA decision with its trail, and of when the configuration is that gave it. */
export function staPreviewRoute({ authorize, snapshot, settings }: StaPreviewOptions): Router {
  const readBody = express.json({ limit: maxBodyBytes, type: () => true });
  return Router().post('/api/v1/sta/preview', authorize, readBody, (request, response) => {
    const question = readQuestion(request.body);
    const present = snapshot();
    response.json({
      ...previewSta({ snapshot: present, settings: settings() }, question),
      configurationTakenAt: present && new Date(present.takenAtMs).toISOString(),
    });
  });
}

function readQuestion(body: unknown): StaQuestion {
  if (isDeeperThan(body, maxDepth)) {
    throw new HttpProblem(400, { detail: `the body is nested deeper than ${maxDepth} levels` });
  }
  const reading = staQuestionSchema.safeParse(body);
  if (reading.success) return reading.data;
  const errors = reading.error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${escapePointer(String(part))}`).join(''),
    detail: message,
  }));
  throw new HttpProblem(400, { detail: 'the question cannot be read', errors });
}

/** RFC 6901. */
function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
