import { toneOf, isRecordingState, type Tone } from '@exrec/words';
import { useQuery } from '@tanstack/react-query';
import { ask, withQuery } from '../api/client.js';
import type { Summary, SummaryItem } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';

const hourMs = 3_600_000;
const hours = 24;
const width = 24;
const height = 80;
const tones: readonly Tone[] = ['fine', 'under-way', 'waits', 'needs-a-person'];

/** Throughput of the last day: a bar an hour, its states stacked. */
export function HoursChart() {
  const { t, language, isUtc } = usePreferences();
  const to = new Date(Math.ceil(Date.now() / hourMs) * hourMs);
  const from = new Date(to.getTime() - hours * hourMs).toISOString();
  const summary = useQuery({
    queryKey: ['sums', 'hours', from],
    queryFn: () =>
      ask<Summary>(withQuery('/api/v1/summary', { by: 'hour', from, to: to.toISOString() })),
  });
  const byHour = new Map((summary.data?.items ?? []).map((item) => [item.value ?? '', item]));
  const columns = Array.from({ length: hours }, (_, index) => {
    const at = new Date(new Date(from).getTime() + index * hourMs);
    return { at, item: byHour.get(at.toISOString()) };
  });
  const most = Math.max(1, ...columns.map(({ item }) => item?.recordings ?? 0));
  const label = (at: Date) =>
    at.toLocaleTimeString(language, {
      hour: '2-digit',
      minute: '2-digit',
      ...(isUtc ? { timeZone: 'UTC' } : {}),
    });
  return (
    <figure className="hours">
      <figcaption>{t('last24Hours')}</figcaption>
      <svg
        viewBox={`0 0 ${hours * width} ${height}`}
        role="img"
        aria-label={t('last24Hours')}
        preserveAspectRatio="none"
      >
        {columns.map(({ at, item }, index) => (
          <g key={at.toISOString()} transform={`translate(${index * width}, 0)`}>
            <title>{`${label(at)}: ${item?.recordings ?? 0}`}</title>
            <rect width={width} height={height} className="ground" />
            <Bar item={item} most={most} />
          </g>
        ))}
      </svg>
      <div className="hours-below" aria-hidden="true">
        {columns
          .filter((_column, index) => index % 6 === 0)
          .map(({ at }) => (
            <span key={at.toISOString()}>{label(at)}</span>
          ))}
      </div>
    </figure>
  );
}

function Bar({ item, most }: { readonly item: SummaryItem | undefined; readonly most: number }) {
  if (item === undefined) return null;
  let top = height;
  return tones.map((tone) => {
    const count = Object.entries(item.states)
      .filter(([state]) => isRecordingState(state) && toneOf(state) === tone)
      .reduce((sum, [, of]) => sum + of, 0);
    const size = (count / most) * (height - 4);
    top -= size;
    return size === 0 ? null : (
      <rect key={tone} x={3} width={width - 6} y={top} height={size} className={tone} />
    );
  });
}
