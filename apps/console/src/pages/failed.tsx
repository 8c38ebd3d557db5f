import { causeWords } from '@exrec/words';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, withQuery } from '../api/client.js';
import type { Page, Recording, Summary } from '../api/shapes.js';
import { useMay } from '../api/caller.js';
import { RecordingsTable } from '../parts/recordings-table.js';
import { SendAgain } from '../parts/send-again.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

const ledgerBeganAt = '2020-01-01';
const previewSize = 100;

/** Dead letters by cause: what it means, what to do, and all of them again. */
export function FailedPage() {
  const { t } = usePreferences();
  const summary = useQuery({
    queryKey: ['recordings', 'failed-causes'],
    queryFn: () => ask<Summary>(withQuery('/api/v1/summary', { by: 'cause', from: ledgerBeganAt })),
  });
  if (summary.failureReason !== null && summary.data === undefined)
    return <Trouble error={summary.failureReason} />;
  if (summary.data === undefined) return null;
  const rows = summary.data.items
    .map(({ value, states }) => ({ cause: value ?? '', count: states.failed ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((left, right) => right.count - left.count);
  return (
    <>
      <h1>{t('failed')}</h1>
      {rows.length === 0 && <p className="calm">{t('noFailed')}</p>}
      {rows.map(({ cause, count }) => (
        <CauseCard key={cause} cause={cause} count={count} />
      ))}
    </>
  );
}

function CauseCard({ cause, count }: { readonly cause: string; readonly count: number }) {
  const { t, n, language } = usePreferences();
  const isOperator = useMay('operator');
  const [isOpen, setOpen] = useState(false);
  const filters = { state: 'failed', cause };
  const preview = useQuery({
    queryKey: ['recordings', 'failed', cause],
    queryFn: () =>
      ask<Page<Recording>>(withQuery('/api/v1/recordings', { ...filters, limit: previewSize })),
    enabled: isOpen,
  });
  const { title, means, todo } = causeWords(cause, language);
  const items = preview.data?.items ?? [];
  return (
    <article>
      <h2>
        <span className="needs-a-person" aria-hidden="true">
          ◼
        </span>{' '}
        {n(count)} · {title} <span className="technical">{cause}</span>
      </h2>
      <dl>
        <dt>{t('whyNot')}</dt>
        <dd>{means}</dd>
        <dt>{t('whatToDo')}</dt>
        <dd>{todo}</dd>
      </dl>
      {isOperator && <SendAgain filters={filters} count={count} />}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{count === 1 ? t('oneRecording') : t('recordings', { count: n(count) })}</summary>
        {preview.failureReason !== null && <Trouble error={preview.failureReason} />}
        {items.length > 0 && (
          <>
            {isOperator && items.length < count && (
              <SendAgain
                filters={{ ids: items.map((one) => one.recordingId) }}
                count={items.length}
              />
            )}
            <RecordingsTable items={items} />
          </>
        )}
      </details>
    </article>
  );
}
