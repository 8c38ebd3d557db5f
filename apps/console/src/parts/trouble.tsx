import { createContext, use } from 'react';
import { ApiError } from '../api/client.js';
import { usePreferences, type Preferences } from '../texts/preferences.js';

/** Whether the page says already that the ledger is away. */
export const AwayContext = createContext(false);

/** A sentence instead of a blank page. */
export function Trouble({ error }: { readonly error: unknown }) {
  const { t } = usePreferences();
  const isSaid = use(AwayContext);
  if (isSaid && error instanceof ApiError && error.status === 0) return null;
  return (
    <p className="trouble" role="alert">
      {sentenceOf(error, t)}
    </p>
  );
}

function sentenceOf(error: unknown, t: Preferences['t']): string {
  if (!(error instanceof ApiError)) return t('failedRequest', { detail: String(error) });
  const { status, detail } = error;
  if (status === 0) return t('away');
  const stranger = /^(EXCP|EXRP) does not know this token/.exec(detail ?? '')?.[1];
  if (stranger !== undefined) return t('tokenNotKnown', { name: stranger });
  if (status === 403) return t('notAllowed');
  if (status === 404) return t('notFound');
  const neighbour = /^(EXCP|EXRP) does not answer/.exec(detail ?? '')?.[1];
  if (neighbour !== undefined) return t('neighbourAway', { name: neighbour });
  if (status === 503 && (detail === undefined || detail.includes('database')))
    return t('databaseAway');
  return t('failedRequest', { detail: detail ?? String(status) });
}
