import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Call } from './endpoint.js';
import { GcError } from './gc-error.js';

/** GC's `request.bytes.max` (docs/reference/genesys-facts.md#52-rate-limits-and-retry). */
export const REQUEST_BYTES_MAX = 512_000;

/** The whole body; undefined when it is larger than `limitBytes`, read to its end and dropped. */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const source: AsyncIterable<Buffer> = request;
  for await (const bytes of source) {
    sizeBytes += bytes.length;
    if (sizeBytes <= limitBytes) chunks.push(bytes);
  }
  return sizeBytes > limitBytes ? undefined : Buffer.concat(chunks);
}

/**
 * The JSON body in the wanted shape.
 * @throws GcError 415 without a JSON content type, 400 when it is not JSON or not of that shape.
 */
export function parseJsonBody<T>(call: Call, schema: z.ZodType<T>): T {
  if (!/^application\/json\b/i.test(call.headers['content-type'] ?? '')) {
    throw new GcError(415, 'unsupported.media.type', 'Content-Type must be application/json.');
  }
  const parsed = schema.safeParse(jsonOf(call.body));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new GcError(400, 'bad.request', `The request body is not valid: ${faults.join('; ')}`);
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new GcError(400, 'bad.request', 'The request body is not valid JSON.');
  }
}
