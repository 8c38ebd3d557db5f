import { useEffect, useState } from 'react';
import { usePreferences, type Preferences } from '../texts/preferences.js';

const tickMs = 10_000;

/** The present, as often as relative times need it; it asks nobody. */
export function useNow(everyMs = tickMs): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

/** `10:15:04` today, `3 Mar 10:15` this year, the date else, or how long ago; all of it as its title. */
export function Time({ iso }: { readonly iso: string | null | undefined }) {
  const { timeWay } = usePreferences();
  if (iso === null || iso === undefined) return <span>–</span>;
  return timeWay === 'relative' ? <RelativeTime iso={iso} /> : <ClockTime iso={iso} />;
}

function ClockTime({ iso }: { readonly iso: string }) {
  const { t, language, isUtc } = usePreferences();
  const nowMs = Date.now();
  return (
    <time dateTime={iso} title={`${agoWords(iso, nowMs, t)} · ${iso}`}>
      {timeWords(iso, { language, isUtc, nowMs })}
    </time>
  );
}

function RelativeTime({ iso }: { readonly iso: string }) {
  const { t } = usePreferences();
  const nowMs = useNow();
  return (
    <time dateTime={iso} title={iso}>
      {agoWords(iso, nowMs, t)}
    </time>
  );
}

function agoWords(iso: string, nowMs: number, t: Preferences['t']): string {
  const agoMs = nowMs - new Date(iso).getTime();
  if (Math.abs(agoMs) < 5_000) return t('justNow');
  return t(agoMs > 0 ? 'ago' : 'in', { time: amountWords(Math.abs(agoMs)) });
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
