import * as z from 'zod';
import type { HttpAnswer } from '../transport/http-transport.js';

/** GC's error model (docs/reference/genesys-facts.md#52-rate-limits-and-retry) and OAuth's `{"error"}`; anything else is no error body. */
const errorBody = z.object({
  code: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  messageWithParams: z.string().optional().catch(undefined),
});

const maxMessageLength = 200;
/** What stands behind is not even looked at: a message may be a megabyte. */
const checkedAtLength = 2_000;

/**
 * What GC said about its refusal, fit for an operator and for a log: status, `code`, the message
 * without personal data, and the correlation id that Genesys support asks for.
 */
export function describeRefusal(answer: HttpAnswer): string {
  const body = errorBody.safeParse(parseJson(answer.body)).data;
  const code = cleanCode(body?.code ?? body?.error);
  const message = cleanMessage(body?.messageWithParams ?? body?.message ?? '');
  const correlationId = correlationIdOf(answer);
  const text = [[`${answer.status}`, code].filter(Boolean).join(' '), message]
    .filter(Boolean)
    .join(': ');
  return correlationId === undefined ? text : `${text} (correlation ${correlationId})`;
}

/** GC's id of this exchange (docs/reference/genesys-facts.md#52-rate-limits-and-retry). */
export function correlationIdOf(answer: HttpAnswer): string | undefined {
  const id = answer.headers['inin-correlation-id'];
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : undefined;
}

/** @returns the parsed body, or `undefined` when it is not JSON */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function cleanCode(code: string | undefined): string {
  return code !== undefined && /^(?!.*\d{5})[\w.-]{1,80}$/.test(code) ? code : '';
}

/**
 * A message without what may be personal or secret: quoted words (names), addresses, URLs,
 * numbers of five digits and more, and long tokens are replaced by `…`.
 */
export function cleanMessage(message: string): string {
  return message
    .slice(0, checkedAtLength)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
    .replace(/\b(bearer|basic)\s+\S+/gi, '…')
    .replace(/(?<!\S)[^\s@]*@\S*/g, '…')
    .replace(/["'`\u201c\u2018\u00ab][^"'`\u201d\u2019\u00bb]{1,200}["'`\u201d\u2019\u00bb]/gu, '…')
    .replace(/\+?\d[\d\s().\/-]{3,}\d/g, '…')
    .replace(/[\w+/=.~-]{24,}/g, '…')
    .trim()
    .slice(0, maxMessageLength);
}
