/** Times as docs/design/CONSOLE.md "Words" wants them: `10:15:04` today, `3 Mar 10:15` this year, the date else. Local time. */
export function timeWords(iso: string | null | undefined, nowMs: number): string {
  if (iso === null || iso === undefined) return '–';
  const time = new Date(iso);
  const now = new Date(nowMs);
  const clock = time.toLocaleTimeString('en-GB', { hour12: false });
  if (time.toDateString() === now.toDateString()) return clock;
  const day = time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return time.getFullYear() === now.getFullYear()
    ? `${day} ${clock.slice(0, 5)}`
    : `${day} ${time.getFullYear()}`;
}

/** `3:27`, `1:03:09`. */
export function durationWords(durationMs: number | null | undefined): string {
  if (durationMs === null || durationMs === undefined) return '–';
  const seconds = Math.round(durationMs / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** `in 40 s`, `3 min ago`. */
export function fromNow(iso: string | null | undefined, nowMs: number): string {
  if (iso === null || iso === undefined) return '';
  const ms = new Date(iso).getTime() - nowMs;
  const amount = amountWords(Math.abs(ms));
  return ms >= 0 ? `in ${amount}` : `${amount} ago`;
}

function amountWords(ms: number): string {
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 90 * 60_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 48 * 3_600_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const days: Readonly<Record<string, number>> = { today: 0, yesterday: 1 };

const weekdays = [
  ...['sunday', 'monday', 'tuesday', 'wednesday'],
  ...['thursday', 'friday', 'saturday'],
];

function dayStart(nowMs: number, daysBack: number): number {
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysBack).getTime();
}

/**
 * A time that a person types: `2d`, `90m`, `today`, `yesterday`, `monday`, `10:15`, `2026-03-02`, `2026-03-02T10:00` or a whole ISO time.
 * A day begins at midnight of this machine. `undefined`: it is no time.
 */
export function readTime(text: string, nowMs: number): number | undefined {
  const ago = /^(\d{1,6})([smhdw])$/.exec(text);
  if (ago) return nowMs - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0) * 1000;
  const back = days[text];
  if (back !== undefined) return dayStart(nowMs, back);
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock) return dayStart(nowMs, 0) + (Number(clock[1]) * 60 + Number(clock[2])) * 60_000;
  const weekday = weekdays.indexOf(text.toLowerCase());
  if (weekday >= 0) return dayStart(nowMs, (new Date(nowMs).getDay() - weekday + 7) % 7);
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined;
  const ms = new Date(text.length === 10 ? `${text}T00:00` : text).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
