import { usePreferences } from '../texts/preferences.js';

/** `10:15:04` today, `3 Mar 10:15` this year, the date else; whole and in UTC as its title. */
export function Time({ iso }: { readonly iso: string | null | undefined }) {
  const { language, isUtc } = usePreferences();
  if (iso === null || iso === undefined) return <span>–</span>;
  return (
    <time dateTime={iso} title={iso}>
      {timeWords(iso, { language, isUtc, nowMs: Date.now() })}
    </time>
  );
}

type TimeOptions = {
  readonly language: string;
  readonly isUtc: boolean;
  readonly nowMs: number;
};

export function timeWords(iso: string, { language, isUtc, nowMs }: TimeOptions): string {
  const zone = isUtc ? { timeZone: 'UTC' } : {};
  const locale = language === 'de' ? 'de-DE' : 'en-GB';
  const time = new Date(iso);
  const format = (date: Date, options: Intl.DateTimeFormatOptions) =>
    date.toLocaleString(locale, { ...zone, ...options });
  const day = (date: Date) => format(date, { dateStyle: 'short' });
  if (day(time) === day(new Date(nowMs))) return format(time, { timeStyle: 'medium' });
  const year = (date: Date) => format(date, { year: 'numeric' });
  return year(time) === year(new Date(nowMs))
    ? format(time, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
    : format(time, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** `3:27`, `1:03:09`. */
export function durationWords(durationMs: number | null): string {
  if (durationMs === null) return '–';
  const seconds = Math.round(durationMs / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** `40 s`, `3 min`, `2 h`, `5 d`. */
export function amountWords(ms: number): string {
  if (ms < 90_000) return `${Math.max(1, Math.round(ms / 1000))} s`;
  if (ms < 90 * 60_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 48 * 3_600_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}
