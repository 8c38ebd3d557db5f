import { sendRequest, type HttpAnswer, type Send } from '../mcp/http-request.js';
import type { CallEvent } from './call-event.js';

export type CallEventTarget = {
  readonly url: string;
  /** `EXCP_EVENTS_TOKEN`. */
  readonly token?: string;
  readonly send?: Send;
};

/** `single`: one request for each event. */
export type CallEventForm = 'single' | 'array' | 'ndjson';

/** Delivers these events to one EXCP, in the given order, and returns its answers. */
export async function postCallEvents(
  events: readonly CallEvent[],
  target: CallEventTarget,
  form: CallEventForm = 'array',
): Promise<HttpAnswer[]> {
  const base = target.url.endsWith('/') ? target.url : `${target.url}/`;
  const url = new URL('api/v1/call-events', base);
  const headers = {
    'Content-Type': form === 'ndjson' ? 'application/x-ndjson' : 'application/json',
    ...(target.token === undefined ? {} : { Authorization: `Bearer ${target.token}` }),
  };
  const { send = sendRequest } = target;
  const answers: HttpAnswer[] = [];
  for (const body of bodiesOf(events, form)) {
    answers.push(await send({ method: 'POST', url, headers, body: Buffer.from(body) }));
  }
  return answers;
}

function bodiesOf(events: readonly CallEvent[], form: CallEventForm): string[] {
  if (events.length === 0) return [];
  switch (form) {
    case 'single':
      return events.map((event) => JSON.stringify(event));
    case 'array':
      return [JSON.stringify(events)];
    case 'ndjson':
      return [events.map((event) => `${JSON.stringify(event)}\n`).join('')];
  }
}
