import { notTranscribed, transcriptionReasons } from '@exrec/words';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask, withQuery, searchPath } from '../api/client.js';
import type { Summary } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { lastDays } from '../query/span.js';
import { Trouble } from './trouble.js';

const days = 7;

/** Of how many recordings of the last week nothing was transcribed, by the reason. */
export function WhyNot() {
  const { t, n, language } = usePreferences();
  const from = lastDays(days);
  const summary = useQuery({
    queryKey: ['sums', 'why-not', from],
    queryFn: () => ask<Summary>(withQuery('/api/v1/summary', { by: 'sta', from })),
  });
  const counts = new Map(
    (summary.data?.items ?? []).map(({ value, recordings }) => [value, recordings]),
  );
  return (
    <article>
      <h2>{t('whyNotWeek')}</h2>
      {summary.failureReason !== null && <Trouble error={summary.failureReason} />}
      <ul className="causes">
        <li>
          <strong className="count">{n(counts.get('requested') ?? 0)}</strong>{' '}
          <Link href={searchPath({ sta: 'requested', from })}>{t('wasTranscribed')}</Link>
        </li>
        {transcriptionReasons.map((reason) => (
          <li key={reason}>
            <strong className="count">{n(counts.get(reason) ?? 0)}</strong>{' '}
            <Link href={searchPath({ sta: reason, from })}>
              {notTranscribed(reason, { queue: t('ofTheCall') }, language)}
            </Link>{' '}
            <span className="technical">{reason}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}
