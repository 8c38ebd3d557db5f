import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { use, useEffect, useRef, useState, type SubmitEvent, type ReactNode } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { CallerContext } from '../api/caller.js';
import { ask, send, withQuery } from '../api/client.js';
import { usePreferences } from '../texts/preferences.js';

const pages = [
  ['/', 'overview'],
  ['/failed', 'failed'],
  ['/transcription', 'transcription'],
  ['/operations', 'operations'],
] as const;

/** What every page has: the one search box, the way to the other pages, who is here. */
export function Frame({ children }: { readonly children: ReactNode }) {
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
        {children}
      </main>
    </>
  );
}

function SearchBox() {
  const { t } = usePreferences();
  const [, goTo] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('q') ?? '';
  const [text, setText] = useState(asked);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isShortcut = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k';
      const isSlash = event.key === '/' && !(event.target instanceof HTMLInputElement);
      if (!isShortcut && !isSlash) return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    goTo(withQuery('/search', wordsOf(text)));
  };
  return (
    <form role="search" onSubmit={submit}>
      <input
        ref={box}
        type="search"
        aria-label={t('search')}
        placeholder={`${t('search')}: ${t('searchHint')}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <kbd aria-hidden="true">⌘K</kbd>
    </form>
  );
}

const filters = [
  'agent',
  'dn',
  'queue',
  'state',
  'cause',
  'number',
  'call',
  'language',
  'program',
  'sta',
  'scope',
  'from',
  'to',
];

/** `agent:7105 state:failed` are filters; everything else is one text. */
function wordsOf(text: string): Record<string, string> {
  const query: Record<string, string> = {};
  const rest: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const at = word.indexOf(':');
    const name = word.slice(0, at);
    if (at > 0 && filters.includes(name)) query[name] = word.slice(at + 1);
    else rest.push(word);
  }
  return rest.join(' ') === '' ? query : { ...query, q: rest.join(' ') };
}

function WhoIsHere() {
  const { t, language, setLanguage, isUtc, setUtc } = usePreferences();
  const caller = use(CallerContext);
  const client = useQueryClient();
  const version = useQuery({
    queryKey: ['version'],
    queryFn: () => ask<{ version: string }>('/version'),
  });
  const signOut = useMutation({
    mutationFn: () => send<undefined>('DELETE', '/session'),
    onSettled: () => {
      client.clear();
      client.setQueryData(['session'], null);
    },
  });
  return (
    <div className="who">
      <button type="button" className="link" onClick={() => setUtc(!isUtc)} aria-pressed={isUtc}>
        {t('utc')}
      </button>
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
