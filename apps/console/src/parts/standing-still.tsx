import { causeWords } from '@exrec/words';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask, searchPath } from '../api/client.js';
import type { ExrpStanding, Instance, Page, Standing } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';

import { amountWords, useNow } from './times.js';

type StandingStillProps = {
  readonly state: 'failed' | 'waiting';
  readonly title: string;
  readonly rows: readonly Standing[];
  readonly unexplained: number;
};

/** What failed or waits, of any time, by cause, and for how long. */
export function StandingStill({ state, title, rows, unexplained }: StandingStillProps) {
  const { t, n, language } = usePreferences();
  const nowMs = useNow();
  const isFailed = state === 'failed';
  return (
    <section>
      <h2>{title}</h2>
      {rows.length === 0 && unexplained === 0 && <p className="calm">{t('nothing')}</p>}
      <ul className="causes">
        {unexplained > 0 && (
          <li className="needs-a-person">
            <span aria-hidden="true">◼</span> {t('unexplainedRow', { count: n(unexplained) })}
          </li>
        )}
        {rows.map(({ cause, recordings, oldestAt }) => (
          <li key={cause ?? ''} className={isFailed ? 'needs-a-person' : 'waits'}>
            <span aria-hidden="true">{isFailed ? '◼' : '▲'}</span> {n(recordings)}{' '}
            <Link
              href={
                isFailed
                  ? `/failed#${cause ?? ''}`
                  : searchPath({ state, cause: cause ?? undefined })
              }
            >
              {cause === null ? t('noCause') : causeWords(cause, language).title}
            </Link>{' '}
            <span className="technical">
              {t('oldest', { time: amountWords(Math.max(0, nowMs - Date.parse(oldestAt))) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function useExrpStanding() {
  return useQuery({
    queryKey: ['instances', 'standing'],
    queryFn: () => ask<ExrpStanding>('/api/v1/standing'),
    // EXRP may be away while everything else is here.
    retry: false,
  });
}

/** What is lost in the next two hours if nothing changes, and why nothing is deleted, if so. */
export function LostSoon() {
  const { t, n } = usePreferences();
  const standing = useExrpStanding();
  if (standing.isPending) return null;
  const retention = standing.data?.retention ?? null;
  const count = retention?.lostSoon ?? 0;
  return (
    <p className={count > 0 ? 'needs-a-person' : 'calm'}>
      {count > 0 && <span aria-hidden="true">◼ </span>}
      {retention === null
        ? t('lostUnknown')
        : count === 0
          ? t('lostNone')
          : t('lostSoon', { count: n(count) })}
      {retention?.stopped && ` ${t('retentionStopped', { why: retention.stopped })}`}
    </p>
  );
}

/** Every instance, its version, and what it lacks. */
export function Services() {
  const { t } = usePreferences();
  const instances = useQuery({
    queryKey: ['instances', 'all'],
    queryFn: () => ask<Page<Instance>>('/api/v1/instances'),
  });
  const items = instances.data?.items ?? [];
  return (
    <section>
      <h2>{t('services')}</h2>
      <ul className="causes">
        {items.map((one) => (
          <li
            key={`${one.service}/${one.id}`}
            className={one.status === 'ready' ? 'fine' : 'waits'}
          >
            <span aria-hidden="true">{one.status === 'ready' ? '●' : '▲'}</span> {one.service}{' '}
            <span className="technical" title={one.id}>
              {one.version}
            </span>{' '}
            {one.status !== 'ready' &&
              `${one.status}: ${one.findings.map(({ check, reason }) => `${check}: ${reason}`).join('; ')}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
