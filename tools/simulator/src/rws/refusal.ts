import type { Response } from 'express';

/**
 * A refusal in the manner of the GWS family: a `statusCode` other than 0 besides the HTTP status [F 3.6].
 * Its numbers aren't public; 2 and `statusMessage` are our choice.
 */
export function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ statusCode: 2, statusMessage: message });
}
