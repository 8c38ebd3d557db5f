import { usePreferences } from '../texts/preferences.js';

export type Pages = {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
};

/** Asks for the next page of a list, where there is one. */
export function More({ of }: { readonly of: Pages }) {
  const { t } = usePreferences();
  if (!of.hasNextPage) return null;
  return (
    <button type="button" onClick={() => void of.fetchNextPage()} disabled={of.isFetchingNextPage}>
      {t('more')}
    </button>
  );
}
