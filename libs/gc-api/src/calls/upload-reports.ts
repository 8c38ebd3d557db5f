import * as z from 'zod';
import type { CallOptions, GcSession } from '../request/gc-request.js';

export type UploadStatus = 'Pending' | 'Success' | 'Failure' | 'WaitForConversation';

export type UploadReportRequest = {
  /** ISO time; uploads since then are reported. */
  readonly dateSince: string;
  readonly uploadStatus?: UploadStatus;
};

const report = z.object({
  id: z.string().min(1),
  state: z.enum(['InProgress', 'Completed', 'Failed']),
  signedUrl: z.string().nullish(),
});

/** A report on uploads; `signedUrl` (a secret) is there once it is `Completed`. */
export type UploadReport = {
  readonly id: string;
  readonly state: 'InProgress' | 'Completed' | 'Failed';
  readonly signedUrl: string | null;
};

const template = '/api/v2/recording/uploads/reports';

/** Asks GC to make a report (docs/reference/genesys-facts.md#42-upload-status-reports). */
export async function createUploadReport(
  session: GcSession,
  request: UploadReportRequest,
  { signal }: CallOptions = {},
): Promise<UploadReport> {
  const body = request;
  const answer = await session.call({
    kind: 'report',
    method: 'POST',
    template,
    body,
    shape: report,
    signal,
  });
  return { ...answer, signedUrl: answer.signedUrl ?? null };
}

/** How far that report is (docs/reference/genesys-facts.md#42-upload-status-reports). */
export async function uploadReport(
  session: GcSession,
  id: string,
  { signal }: CallOptions = {},
): Promise<UploadReport> {
  const answer = await session.call({
    kind: 'report',
    method: 'GET',
    template: `${template}/{id}`,
    path: `${template}/${encodeURIComponent(id)}`,
    shape: report,
    signal,
  });
  return { ...answer, signedUrl: answer.signedUrl ?? null };
}
