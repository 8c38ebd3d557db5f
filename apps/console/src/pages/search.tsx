import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from 'wouter';
import { ask, withQuery } from '../api/client.js';
import { useMay } from '../api/caller.js';
import type { Page, Recording } from '../api/shapes.js';
import { CallsWithoutRecording } from '../parts/calls-without-recording.js';
import { More } from '../parts/more.js';
import { RecordingsTable } from '../parts/recordings-table.js';
import { SearchFilters } from '../parts/search-filters.js';
import { SendAgain } from '../parts/send-again.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

const pageSize = 200;

/** One box and a few filters, all of them in the address. */
export function SearchPage() {
  const { t } = usePreferences();
  const query = Object.fromEntries(new URLSearchParams(useSearch()));
  const found = useInfiniteQuery({
    queryKey: ['search', query],
    queryFn: ({ pageParam }) =>
      ask<Page<Recording>>(
        withQuery('/api/v1/recordings', { ...query, limit: pageSize, cursor: pageParam }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const news = useNews(query, items, found.isSuccess);
  return (
    <>
      <h1>{t('search')}</h1>
      <SearchFilters query={query} />
      {found.failureReason !== null && <Trouble error={found.failureReason} />}
      {found.isSuccess && items.length === 0 && <CallsWithoutRecording query={query} />}
      {(items.length > 0 || news.count > 0) && (
        <>
          <Found items={news.items} query={query} newer={news.count} />
          <RecordingsTable items={news.items} />
          <More of={found} />
        </>
      )}
    </>
  );
}

/** What has come or changed since: rows change where they stand, and new ones come when they are asked for. */
function useNews(
  query: Readonly<Record<string, string>>,
  items: readonly Recording[],
  isShown: boolean,
): { readonly items: readonly Recording[]; readonly count: number } {
  const latest = useQuery({
    queryKey: ['recordings', 'newest', query],
    queryFn: () =>
      ask<Page<Recording>>(withQuery('/api/v1/recordings', { ...query, limit: pageSize })),
    enabled: isShown,
  });
  const now = new Map((latest.data?.items ?? []).map((one) => [one.recordingId, one]));
  const known = new Set(items.map((one) => one.recordingId));
  const newestTime = items[0]?.startTime ?? '';
  const isNew = ({ recordingId, startTime }: Recording) =>
    !known.has(recordingId) && (startTime ?? '') >= newestTime;
  return {
    items: items.map((one) => now.get(one.recordingId) ?? one),
    count: [...now.values()].filter(isNew).length,
  };
}

type FoundProps = {
  readonly items: readonly Recording[];
  readonly query: Readonly<Record<string, string>>;
  readonly newer: number;
};

function Found({ items, query, newer }: FoundProps) {
  const { t, n } = usePreferences();
  const client = useQueryClient();
  const isOperator = useMay('operator');
  const failed = items.filter(({ state }) => state === 'failed');
  return (
    <>
      <p className="under-table" aria-live="polite">
        {t('found', { count: n(items.length) })}{' '}
        <a href={withQuery('/api/v1/recordings', { ...query, format: 'csv' })} download>
          {t('exportCsv')}
        </a>{' '}
        {newer > 0 && (
          <button
            type="button"
            onClick={() => void client.invalidateQueries({ queryKey: ['search', query] })}
          >
            {t('newer', { count: n(newer) })}
          </button>
        )}
      </p>
      {isOperator && failed.length > 0 && (
        <SendAgain
          filters={{ ids: failed.map((one) => one.recordingId) }}
          count={failed.length}
          label={t('sendShown', { count: n(failed.length) })}
        />
      )}
    </>
  );
}
