import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { use, useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { CallerContext } from '../api/caller.js';
import { ask, send } from '../api/client.js';
import { AwayContext } from '../parts/trouble.js';
import { SearchBox } from '../parts/search-box.js';
import { timeWays, usePreferences, type TimeWay } from '../texts/preferences.js';

const pages = [
  ['/', 'overview'],
  ['/failed', 'failed'],
  ['/transcription', 'transcription'],
  ['/operations', 'operations'],
] as const;

type FrameProps = {
  /** The ledger does not answer. */
  readonly isAway: boolean;
  readonly children: ReactNode;
};

/** What every page has: the one search box, the way to the other pages, who is here. */
export function Frame({ isAway, children }: FrameProps) {
  const { t } = usePreferences();
  const [location] = useLocation();
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [location]);
  return (
    <>
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          content.current?.focus();
        }}
      >
        {t('skip')}
      </a>
      <header>
        <Link href="/" className="brand">
          exrec
        </Link>
        <SearchBox />
        <nav>
          {pages.map(([path, name]) => (
            <Link key={path} href={path} aria-current={location === path ? 'page' : undefined}>
              {t(name)}
            </Link>
          ))}
        </nav>
        <WhoIsHere />
      </header>
      <main id="content" ref={content} tabIndex={-1}>
        {isAway && (
          <p className="trouble" role="alert">
            {t('away')}
          </p>
        )}
        <AwayContext value={isAway}>{children}</AwayContext>
      </main>
    </>
  );
}

function WhoIsHere() {
  const { t, language, setLanguage, timeWay, setTimeWay } = usePreferences();
  const caller = use(CallerContext);
  const client = useQueryClient();
  const version = useQuery({
    queryKey: ['version'],
    queryFn: () => ask<{ version: string }>('/version'),
  });
  const signOut = useMutation({
    mutationFn: () => send<undefined>('DELETE', '/session'),
    onSettled: () => {
      client.setQueryData(['signed-out'], true);
      client.setQueryData(['session'], null);
      // What was seen stays with nobody; the session itself has somebody who watches it.
      const kept = ['session', 'signed-out'];
      client.removeQueries({ predicate: ({ queryKey }) => !kept.includes(String(queryKey[0])) });
    },
  });
  return (
    <div className="who">
      <select
        aria-label={t('times')}
        value={timeWay}
        onChange={(event) => setTimeWay(event.target.value as TimeWay)}
      >
        {timeWays.map((way) => (
          <option key={way} value={way}>
            {t(`times_${way}`)}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="link"
        lang={language === 'de' ? 'en' : 'de'}
        onClick={() => setLanguage(language === 'de' ? 'en' : 'de')}
        title={t('language')}
      >
        {language === 'de' ? 'EN' : 'DE'}
      </button>
      <span className="technical">
        {version.data?.version} · {caller?.name} ({caller?.role})
      </span>
      <button type="button" className="link" onClick={() => signOut.mutate()}>
        {t('signOut')}
      </button>
    </div>
  );
}
