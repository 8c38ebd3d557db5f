import type { Response } from 'express';
import { refuse } from './refusal.js';
import type { RwsFault, RwsRoute } from './rws-behaviour.js';

/** The failures that were ordered and not yet given. */
export class FaultList {
  #faults: RwsFault[] = [];

  order(fault: RwsFault): void {
    this.#faults.push(fault);
  }

  /** The oldest failure meant for this request, used up once; undefined when the request is to succeed. */
  take(route: RwsRoute, page: number | undefined): RwsFault | undefined {
    const index = this.#faults.findIndex(
      (fault) => [undefined, route].includes(fault.route) && [undefined, page].includes(fault.page),
    );
    const fault = this.#faults[index];
    if (fault === undefined) return undefined;
    const left = fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
    this.#faults.splice(index, 1, ...left);
    return fault;
  }
}

/** Answers with the failure, or gives no answer at all. */
export function giveFault({ answer, retryAfterSeconds }: RwsFault, response: Response): void {
  if (retryAfterSeconds !== undefined) response.set('Retry-After', `${retryAfterSeconds}`);
  switch (answer) {
    case 'hang':
      return;
    case 'garbage':
      response.type('html').send('<html><body>Service is starting</body></html>');
      return;
    case 'cut':
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
      response.write('{"statusCode":0,"recording', () => response.destroy());
      return;
    default:
      refuse(response, answer, 'ordered failure');
  }
}
