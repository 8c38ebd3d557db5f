import { causes, recordingStates, stateWords } from '@exrec/words';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useLocation, useSearch } from 'wouter';
import { ask, withQuery } from '../api/client.js';
import type { Page, Recording } from '../api/shapes.js';
import { RecordingsTable } from '../parts/recordings-table.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

const pageSize = 200;

/** One box and a few filters, all of them in the address. */
export function SearchPage() {
  const { t, n } = usePreferences();
  const query = Object.fromEntries(new URLSearchParams(useSearch()));
  const found = useInfiniteQuery({
    queryKey: ['recordings', 'search', query],
    queryFn: ({ pageParam }) =>
      ask<Page<Recording>>(
        withQuery('/api/v1/recordings', { ...query, limit: pageSize, cursor: pageParam }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <h1>{t('search')}</h1>
      <Filters query={query} />
      {found.failureReason !== null && <Trouble error={found.failureReason} />}
      {found.isSuccess && items.length === 0 && <p className="calm">{t('nothingFound')}</p>}
      {items.length > 0 && (
        <>
          <p className="under-table" aria-live="polite">
            {t('found', { count: n(items.length) })}{' '}
            <a href={withQuery('/api/v1/recordings', { ...query, format: 'csv' })} download>
              {t('exportCsv')}
            </a>
          </p>
          <RecordingsTable items={items} />
          {found.hasNextPage && (
            <button
              type="button"
              onClick={() => void found.fetchNextPage()}
              disabled={found.isFetchingNextPage}
            >
              {t('more')}
            </button>
          )}
        </>
      )}
    </>
  );
}

const dateOf = (iso: string | undefined) => (iso ?? '').slice(0, 10);

function Filters({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const { t, language } = usePreferences();
  const [, goTo] = useLocation();
  const change = (name: string, value: string) => {
    goTo(withQuery('/search', { ...query, [name]: value }), { replace: true });
  };
  return (
    <div className="filters">
      <label>
        {t('state')}
        <select value={query.state ?? ''} onChange={(event) => change('state', event.target.value)}>
          <option value="">{t('any')}</option>
          {recordingStates.map((state) => (
            <option key={state} value={state}>
              {stateWords(state, language)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('cause')}
        <select value={query.cause ?? ''} onChange={(event) => change('cause', event.target.value)}>
          <option value="">{t('any')}</option>
          {Object.keys(causes).map((cause) => (
            <option key={cause}>{cause}</option>
          ))}
        </select>
      </label>
      {(['agent', 'queue'] as const).map((name) => (
        <label key={name}>
          {t(name)}
          <input
            defaultValue={query[name] ?? ''}
            key={query[name] ?? ''}
            onBlur={(event) => {
              if (event.target.value !== (query[name] ?? '')) change(name, event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') change(name, event.currentTarget.value);
            }}
          />
        </label>
      ))}
      {(['from', 'to'] as const).map((name) => (
        <label key={name}>
          {t(name)}
          <input
            type="date"
            value={dateOf(query[name])}
            onChange={(event) => change(name, event.target.value)}
          />
        </label>
      ))}
    </div>
  );
}
