import type { Response } from 'express';

/**
 * A refusal in the manner of the GWS family: a `statusCode` other than 0 besides the HTTP status (docs/reference/genesys-facts.md#36-errors).
 * Its numbers aren't public; 2 and `statusMessage` are invented.
 */
export function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ statusCode: 2, statusMessage: message });
}
