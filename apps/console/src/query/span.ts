/** Spans of time that people ask about. */
export const spans = ['today', 'yesterday', 'monday', 'week', 'month'] as const;
export type SpanName = (typeof spans)[number];

export type Span = { readonly from: string; readonly to?: string };

const dayMs = 86_400_000;
const [week, month] = [7, 30];

export function isSpan(text: string | undefined): text is SpanName {
  return (spans as readonly (string | undefined)[]).includes(text);
}

/** Midnight `daysAgo` days ago, by the clock here or by UTC. */
export function midnight(isUtc: boolean, daysAgo = 0, nowMs = Date.now()): Date {
  const at = new Date(nowMs);
  if (isUtc) {
    at.setUTCDate(at.getUTCDate() - daysAgo);
    at.setUTCHours(0, 0, 0, 0);
  } else {
    at.setDate(at.getDate() - daysAgo);
    at.setHours(0, 0, 0, 0);
  }
  return at;
}

export function spanOf(name: SpanName, isUtc: boolean, nowMs = Date.now()): Span {
  const now = new Date(nowMs);
  const weekday = isUtc ? now.getUTCDay() : now.getDay();
  const daysBack = {
    today: 0,
    yesterday: 1,
    monday: (weekday + 6) % week,
    week,
    month,
  }[name];
  const from = midnight(isUtc, daysBack, nowMs).toISOString();
  return name === 'yesterday' ? { from, to: midnight(isUtc, 0, nowMs).toISOString() } : { from };
}

/** The last days in whole hours, so that the question stays the same for an hour. */
export function lastDays(days: number): string {
  const hourMs = 3_600_000;
  return new Date(Math.floor((Date.now() - days * dayMs) / hourMs) * hourMs).toISOString();
}
