import * as z from 'zod';
import type { Clock } from '../clock.js';
import type { FaultBook } from '../faults/fault-book.js';
import { ok, type Call, type Endpoint, type Reply } from '../http/endpoint.js';
import { parseJsonBody } from '../http/read-body.js';
import type { Bucket } from './bucket.js';

/** GC's rule for `fileName` (docs/reference/genesys-facts.md#41-pre-signed-upload). */
export const fileNameSchema = z
  .string()
  .min(1)
  .max(1024)
  .regex(
    /^(?!\.)[^\s\\{^}%`\]">[~<#|]*$/u,
    'contains a character that is not allowed, or starts with a dot',
  )
  .regex(/[^/]$/, 'ends with a slash');

/** Every field is optional in GC's model (docs/reference/genesys-facts.md#41-pre-signed-upload); an upload without a name or a digest is none of ours, so we want both. */
const uploadUrlRequestSchema = z.object({
  fileName: fileNameSchema,
  contentMd5: z.base64().length(24, 'must be the base64 of 16 bytes'),
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/, 'must be a MIME type')
    .optional(),
  signedUrlTimeoutSeconds: z.int().min(1).max(604_800).default(600),
  serverSideEncryption: z.literal('AES256').optional(),
});

export type UploadUrlParts = {
  readonly bucket: Bucket;
  readonly faults: FaultBook;
  readonly clock: Clock;
  readonly organizationId: string;
  readonly origin: () => string;
};

/** Where a client asks for a pre-signed URL (docs/reference/genesys-facts.md#41-pre-signed-upload). The object key is made of the file name: a second upload replaces the first. */
export function uploadUrlEndpoint(parts: UploadUrlParts): Endpoint {
  return {
    target: 'gc.uploads',
    method: 'POST',
    path: '/api/v2/uploads/recordings',
    permission: 'recording:recording:upload',
    handle: (call) => uploadUrl(parts, call),
  };
}

function uploadUrl(parts: UploadUrlParts, call: Call): Reply {
  const request = parseJsonBody(call, uploadUrlRequestSchema);
  const fault = parts.faults.take('uploadUrl', request.fileName);
  const headers: Record<string, string> = {
    'Content-MD5': request.contentMd5,
    ...(request.contentType !== undefined && { 'Content-Type': request.contentType }),
    ...(request.serverSideEncryption && {
      'x-amz-server-side-encryption': request.serverSideEncryption,
    }),
  };
  const expiresSeconds = request.signedUrlTimeoutSeconds;
  const ageMs = fault?.kind === 'expired' ? (expiresSeconds + 1) * 1_000 : 0;
  const uploadKey = `${parts.organizationId}/${request.fileName}`;
  const url = parts.bucket.sign(uploadKey, {
    method: 'PUT',
    origin: fault?.kind === 'location' && fault.location ? fault.location : parts.origin(),
    headers,
    expiresSeconds,
    signedAtMs: parts.clock.now() - ageMs,
  });
  return ok({ url, uploadKey, headers });
}
