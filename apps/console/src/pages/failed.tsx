import { causeWords } from '@exrec/words';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ask, withQuery } from '../api/client.js';
import type { Overview, Page, Recording, Standing } from '../api/shapes.js';
import { useMay } from '../api/caller.js';
import { Jobs } from '../parts/jobs.js';
import { Prose } from '../parts/prose.js';
import { More } from '../parts/more.js';
import { RecordingsTable } from '../parts/recordings-table.js';
import { SendAgain } from '../parts/send-again.js';
import { spanOf } from '../query/span.js';
import { Time } from '../parts/times.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

const previewSize = 100;

/** Dead letters by cause: what it means, what to do, and all of them again. */
export function FailedPage() {
  const { t, isUtc } = usePreferences();
  const span = spanOf('today', isUtc);
  const overview = useQuery({
    queryKey: ['recordings', 'overview', span],
    queryFn: () => ask<Overview>(withQuery('/api/v1/overview', span)),
  });
  if (overview.failureReason !== null && overview.data === undefined)
    return <Trouble error={overview.failureReason} />;
  if (overview.data === undefined) return <p className="calm">{t('loading')}</p>;
  const { failed } = overview.data;
  return (
    <>
      <h1>{t('failed')}</h1>
      {failed.length === 0 && <p className="calm">{t('noFailed')}</p>}
      {failed.map((standing) => (
        <CauseCard key={standing.cause ?? ''} standing={standing} />
      ))}
      <Jobs />
    </>
  );
}

function CauseCard({ standing }: { readonly standing: Standing }) {
  const { t, n, language } = usePreferences();
  const isOperator = useMay('operator');
  const { recordings: count, oldestAt } = standing;
  const cause = standing.cause ?? '';
  const filters = { state: 'failed', cause };
  const { title, means, todo } = causeWords(cause, language);
  return (
    <article id={cause}>
      <h2>
        <span className="needs-a-person" aria-hidden="true">
          ◼
        </span>{' '}
        {n(count)} · {title} <span className="technical">{cause}</span>{' '}
        <span className="technical">
          {t('since')} <Time iso={oldestAt} />
        </span>
      </h2>
      <dl>
        <dt>{t('whyNot')}</dt>
        <dd>
          <Prose text={means} />
        </dd>
        <dt>{t('whatToDo')}</dt>
        <dd>
          <Prose text={todo} />
        </dd>
      </dl>
      {isOperator && (
        <SendAgain filters={filters} count={count} about={{ title, since: oldestAt }} />
      )}
      <Preview cause={cause} count={count} />
    </article>
  );
}

/** The recordings of a cause, a page at a time: however many there are, few are here. */
function Preview({ cause, count }: { readonly cause: string; readonly count: number }) {
  const { t, n, language } = usePreferences();
  const isOperator = useMay('operator');
  const isAskedFor = decodeURIComponent(window.location.hash.slice(1)) === cause;
  const [isOpen, setOpen] = useState(isAskedFor);
  const found = useInfiniteQuery({
    queryKey: ['recordings', 'failed', cause],
    queryFn: ({ pageParam }) =>
      ask<Page<Recording>>(
        withQuery('/api/v1/recordings', {
          ...{ state: 'failed', cause, limit: previewSize },
          cursor: pageParam,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    enabled: isOpen,
  });
  useEffect(() => {
    if (isAskedFor) document.getElementById(cause)?.scrollIntoView();
  }, [isAskedFor, cause]);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const { title } = causeWords(cause, language);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{count === 1 ? t('oneRecording') : t('recordings', { count: n(count) })}</summary>
      {found.failureReason !== null && <Trouble error={found.failureReason} />}
      {items.length > 0 && (
        <>
          {isOperator && items.length < count && (
            <SendAgain
              filters={{ ids: items.map((one) => one.recordingId) }}
              count={items.length}
              about={{ title, since: items.at(-1)?.startTime ?? null }}
              label={t('sendShown', { count: n(items.length) })}
            />
          )}
          <RecordingsTable items={items} />
          <More of={found} />
        </>
      )}
    </details>
  );
}
