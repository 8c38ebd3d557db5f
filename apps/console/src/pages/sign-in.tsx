import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { ApiError, send } from '../api/client.js';
import type { Caller } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';

/** @param hasEnded whether there was a session that is over */
export function SignInPage({ hasEnded }: { readonly hasEnded: boolean }) {
  const { t, language, setLanguage } = usePreferences();
  const client = useQueryClient();
  const isSignedOut = client.getQueryData(['signed-out']) === true;
  const [token, setToken] = useState('');
  const signIn = useMutation({
    mutationFn: () => send<Caller>('POST', '/session', { token: token.trim() }),
    onSuccess: (caller) => {
      client.setQueryData(['signed-out'], false);
      client.setQueryData(['session'], caller);
    },
  });
  const status = signIn.error instanceof ApiError ? signIn.error.status : undefined;
  const trouble =
    status === undefined
      ? undefined
      : status === 401 || status === 400
        ? t('wrongToken')
        : status === 429
          ? t('slowDown')
          : t('away');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <main className="sign-in">
      <h1>exrec</h1>
      {hasEnded && !isSignedOut && signIn.isIdle && (
        <p className="trouble" role="alert">
          {t('sessionEnded')}
        </p>
      )}
      <form onSubmit={submit}>
        <label htmlFor="token">{t('token')}</label>
        <input
          id="token"
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          value={token}
          onChange={(event) => setToken(event.target.value)}
          aria-describedby="token-hint"
        />
        <p id="token-hint" className="hint">
          {t('signInHint')}
        </p>
        {trouble !== undefined && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <button type="submit" className="primary" disabled={signIn.isPending}>
          {t('signIn')}
        </button>
      </form>
      <button
        type="button"
        className="link"
        onClick={() => setLanguage(language === 'de' ? 'en' : 'de')}
      >
        {t('language')}
      </button>
    </main>
  );
}
