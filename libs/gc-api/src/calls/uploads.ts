import * as z from 'zod';
import type { CallOptions, GcSession } from '../request/gc-request.js';

export type UploadRequest = {
  /** `<recordingId>.zip`. */
  readonly fileName: string;
  /** MD5 of the file, base64. */
  readonly contentMd5: string;
  readonly contentType: string;
  /** Life of the URL, 1 to 604800; GC's default is 600. */
  readonly signedUrlTimeoutSeconds: number;
};

const upload = z.object({
  url: z.url(),
  uploadKey: z.string(),
  headers: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable())
    .nullish(),
});

/** Where to PUT one file, and the exact headers that were signed. The URL is a secret. */
export type Upload = {
  readonly url: string;
  readonly uploadKey: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** A pre-signed URL for one attempt (docs/reference/genesys-facts.md#41-pre-signed-upload). */
export async function createUpload(
  session: GcSession,
  request: UploadRequest,
  { signal }: CallOptions = {},
): Promise<Upload> {
  const answer = await session.call({
    kind: 'upload',
    method: 'POST',
    template: '/api/v2/uploads/recordings',
    body: { ...request, serverSideEncryption: 'AES256' },
    shape: upload,
    signal,
  });
  // A header without a value was not signed.
  const headers = Object.entries(answer.headers ?? {}).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value)] as const],
  );
  return { url: answer.url, uploadKey: answer.uploadKey, headers: Object.fromEntries(headers) };
}
