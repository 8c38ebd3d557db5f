import { causes, recordingStates } from '@exrec/words';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useLocation, useSearch } from 'wouter';
import { ask, withQuery } from '../api/client.js';
import type { Summary } from '../api/shapes.js';
import { filterNames, queryOf } from '../query/search-words.js';
import { usePreferences } from '../texts/preferences.js';
import { lastDays } from '../query/span.js';

const days = 7;

/** One box understands all; `/` and Ctrl-K lead to it, and it completes what is written. */
export function SearchBox() {
  const { t, isUtc } = usePreferences();
  const [, goTo] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('q') ?? '';
  const [text, setText] = useState(asked);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isShortcut = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k';
      const isInField =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (!isShortcut && (event.key !== '/' || isInField)) return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    goTo(withQuery('/search', queryOf(text, { isUtc, nowMs: Date.now() })));
  };
  return (
    <form role="search" onSubmit={submit}>
      <input
        ref={box}
        type="search"
        aria-label={t('search')}
        placeholder={`${t('search')}: ${t('searchHint')}`}
        value={text}
        list="search-words"
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <Completions text={text} />
      <kbd aria-hidden="true">⌘K</kbd>
    </form>
  );
}

/** What the last word may become. */
function Completions({ text }: { readonly text: string }) {
  const at = text.lastIndexOf(' ') + 1;
  const [before, word] = [text.slice(0, at), text.slice(at)];
  const [name = '', value] = word.split(':');
  const names = useNames(value === undefined ? undefined : name);
  const known: Readonly<Record<string, readonly string[]>> = {
    state: recordingStates,
    cause: Object.keys(causes),
    scope: ['in', 'out'],
    since: ['today', 'yesterday', 'monday', '1h', '1d', '7d'],
    ...(names === undefined ? {} : { [name]: names }),
  };
  const words =
    word === ''
      ? []
      : value === undefined
        ? [...filterNames, 'since'].map((one) => `${one}:`)
        : (known[name] ?? []).map((one) => `${name}:${one}`);
  return (
    <datalist id="search-words">
      {words
        .filter((one) => one.startsWith(word))
        .slice(0, 50)
        .map((one) => (
          <option key={one} value={`${before}${one}`} />
        ))}
    </datalist>
  );
}

/** Agents and queues of the last week, once somebody begins to write one. */
function useNames(name: string | undefined): readonly string[] | undefined {
  const isKnown = name === 'agent' || name === 'queue';
  const summary = useQuery({
    queryKey: ['names', name],
    queryFn: () => ask<Summary>(withQuery('/api/v1/summary', { by: name, from: lastDays(days) })),
    enabled: isKnown,
  });
  return isKnown ? summary.data?.items.flatMap(({ value }) => value ?? []) : undefined;
}
