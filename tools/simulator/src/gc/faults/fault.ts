import * as z from 'zod';

/**
 * Every way to misbehave over HTTP.
 * Anywhere: `status` (with `status`, `code`, `message`, `body`, `retryAfterSeconds`), `delay`, `stall` (no answer ever),
 * `reset` (before anything is done), `resetAfterLastByte` (all is done, then no answer), `redirect` (307 to `location`),
 * `html` (200 with a login page), `malformedJson` (200, cut), `omit` (200 without `fields`).
 * S3 only: `resetMidBody`, `slowDown`, `internalError`, `errorBody200`, `badDigest`, `entityTooLarge`,
 * `signatureDoesNotMatch`, `expired`.
 * Target `uploadUrl` only: `expired` (signed in the past), `location` (another origin: `location`).
 */
export const faultKinds = [
  'status',
  'delay',
  'stall',
  'reset',
  'resetAfterLastByte',
  'redirect',
  'html',
  'malformedJson',
  'omit',
  'resetMidBody',
  'slowDown',
  'internalError',
  'errorBody200',
  'badDigest',
  'entityTooLarge',
  'signatureDoesNotMatch',
  'expired',
  'location',
] as const;

type FaultKind = (typeof faultKinds)[number];

const s3Only: readonly FaultKind[] = [
  'resetMidBody',
  'slowDown',
  'internalError',
  'errorBody200',
  'badDigest',
  'entityTooLarge',
  'signatureDoesNotMatch',
];

/** Whether a fault of this kind does anything at this target; one that does nothing must not be ordered. */
function fits(kind: FaultKind, target: string): boolean {
  const isS3 = /^s3(\.|$)/.test(target);
  if (target === 'uploadUrl') return kind === 'expired' || kind === 'location';
  if (kind === 'location') return false;
  if (kind === 'omit') return !isS3;
  return isS3 || (kind !== 'expired' && !s3Only.includes(kind));
}

export const httpFaultSchema = z
  .strictObject({
    /** An endpoint's name (`gc.uploads`), or the first words of several (`gc`, `s3`), or `*`. */
    target: z.string().min(1),
    kind: z.enum(faultKinds).default('status'),
    /** How many requests it meets; 0: until cleared. */
    times: z.int().nonnegative().default(1),
    /** Requests let through before the first one it meets. */
    skip: z.int().nonnegative().default(0),
    /** Only requests whose path or `fileName` contains this, e.g. a recordingId. */
    subject: z.string().default(''),
    status: z.int().min(200).max(599).optional(),
    code: z.string().optional(),
    message: z.string().optional(),
    body: z.unknown().optional(),
    retryAfterSeconds: z.number().nonnegative().optional(),
    delayMs: z.int().nonnegative().default(0),
    location: z.string().optional(),
    fields: z.array(z.string()).default([]),
  })
  .refine((fault) => fault.kind !== 'status' || fault.status !== undefined, {
    error: 'kind "status" needs a status',
    path: ['status'],
  })
  .refine((fault) => fits(fault.kind, fault.target), {
    error: 'this kind of fault does nothing at this target',
    path: ['kind'],
  });

export type HttpFault = z.output<typeof httpFaultSchema>;
export type HttpFaultOrder = z.input<typeof httpFaultSchema>;
