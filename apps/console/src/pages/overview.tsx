import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearch } from 'wouter';
import { ask, withQuery } from '../api/client.js';
import type { Overview } from '../api/shapes.js';
import { Flow } from '../parts/flow.js';
import { HoursChart } from '../parts/hours-chart.js';
import { Missing } from '../parts/missing.js';
import { isSpan, spanOf, spans, type SpanName } from '../query/span.js';
import { LostSoon, Services, StandingStill } from '../parts/standing-still.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

/** Whether to worry, in three seconds. */
export function OverviewPage() {
  const { t, isUtc } = usePreferences();
  const asked = new URLSearchParams(useSearch()).get('span') ?? undefined;
  const name: SpanName = isSpan(asked) ? asked : 'today';
  const span = spanOf(name, isUtc);
  const overview = useQuery({
    queryKey: ['recordings', 'overview', span],
    queryFn: () => ask<Overview>(withQuery('/api/v1/overview', span)),
  });
  if (overview.failureReason !== null && overview.data === undefined)
    return <Trouble error={overview.failureReason} />;
  const { data } = overview;
  return (
    <>
      <SpanChoice name={name} />
      {data === undefined ? (
        <p className="calm">{t('loading')}</p>
      ) : (
        <>
          <Sentence overview={data} />
          <Flow overview={data} />
          <div className="columns">
            <StandingStill
              state="failed"
              title={t('needsAPerson')}
              rows={data.failed}
              unexplained={data.unexplained}
            />
            <StandingStill state="waiting" title={t('waits')} rows={data.waiting} unexplained={0} />
            <Services />
          </div>
          <LostSoon />
          <Missing span={span} latest={data.comparison} />
        </>
      )}
      <HoursChart />
    </>
  );
}

function SpanChoice({ name }: { readonly name: SpanName }) {
  const { t } = usePreferences();
  const [, goTo] = useLocation();
  return (
    <div className="spans" role="group" aria-label={t('span')}>
      {spans.map((one) => (
        <button
          key={one}
          type="button"
          className="link"
          aria-pressed={one === name}
          onClick={() => goTo(withQuery('/', one === 'today' ? {} : { span: one }))}
        >
          {t(`span_${one}`)}
        </button>
      ))}
    </div>
  );
}

function Sentence({ overview }: { readonly overview: Overview }) {
  const { t, n } = usePreferences();
  const { states, unexplained } = overview;
  const count = (state: string) => states[state] ?? 0;
  const collected = Object.values(states).reduce((sum, recordings) => sum + recordings, 0);
  const [confirmed, outOfScope, failed] = [
    count('confirmed'),
    count('out-of-scope'),
    count('failed'),
  ];
  return (
    <h1 className="sentence" aria-live="off">
      {t('sentence', {
        collected: n(collected),
        confirmed: n(confirmed),
        onTheirWay: n(collected - confirmed - outOfScope - failed - unexplained),
        outOfScope: n(outOfScope),
        failed: n(failed),
        unexplained: n(unexplained),
      })}
    </h1>
  );
}
