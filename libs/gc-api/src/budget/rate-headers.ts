import type { HttpAnswer } from '../transport/http-transport.js';
import type { RateSignal } from './rate-budget.js';

/** A window is a minute (docs/reference/genesys-facts.md#52-rate-limits-and-retry). */
const windowMs = 60_000;
/** Fewer requests left than this are worth telling the fleet; more are not worth the write. */
const lowWater = 30;

/**
 * What `inin-ratelimit-allowed`, `-count` and `-reset` (seconds) say (docs/reference/genesys-facts.md#52-rate-limits-and-retry).
 * @returns `undefined` when they are absent, unreadable or say that plenty is left
 */
export function rateSignal({ headers }: HttpAnswer): RateSignal | undefined {
  const allowed = wholeNumber(headers['inin-ratelimit-allowed']);
  const count = wholeNumber(headers['inin-ratelimit-count']);
  if (allowed === undefined || count === undefined || allowed - count > lowWater) return undefined;
  const resetSeconds = wholeNumber(headers['inin-ratelimit-reset']) ?? windowMs / 1000;
  const resetMs = Math.min(Math.max(resetSeconds * 1000, 1000), windowMs);
  return { remaining: Math.max(0, allowed - count), resetMs };
}

function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value.trim()) ? Number(value) : undefined;
}
