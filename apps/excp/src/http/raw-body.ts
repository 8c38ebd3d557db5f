import { raw, type Request, type RequestHandler } from 'express';

/** Reads the body as bytes whatever its content type says, up to `limit`; larger ones are a 413. */
export function rawBody(limit: string): RequestHandler {
  return raw({ limit, type: () => true });
}

/** The bytes of the body; none when there was no body. */
export function bytesOf(request: Request): Uint8Array {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : new Uint8Array();
}
