import { ApiError } from '../api/client.js';
import { usePreferences } from '../texts/preferences.js';

/** A sentence instead of a blank page. */
export function Trouble({ error }: { readonly error: unknown }) {
  const { t } = usePreferences();
  const status = error instanceof ApiError ? error.status : undefined;
  const detail = error instanceof ApiError ? (error.detail ?? String(error.status)) : String(error);
  const words =
    status === 0
      ? t('away')
      : status === 503
        ? t('databaseAway')
        : status === 403
          ? t('notAllowed')
          : t('failedRequest', { detail });
  return (
    <p className="trouble" role="alert">
      {words}
    </p>
  );
}
