import { notTranscribed, scopeWords, transcribed } from '@exrec/words';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { send } from '../api/client.js';
import type { Configuration, Preview } from '../api/configuration.js';
import { usePreferences } from '../texts/preferences.js';
import { isReason } from './queues-table.js';
import { Trail } from './recording-card.js';
import { Trouble } from './trouble.js';

/** What would happen to a recording of an agent, reached through a queue, of a call in a language. */
export function WhatIf({ configuration }: { readonly configuration: Configuration }) {
  const { t } = usePreferences();
  const languageKey = configuration.rules?.userDataLanguageKey ?? null;
  const [queue, setQueue] = useState('');
  const [agent, setAgent] = useState('');
  const [spoken, setSpoken] = useState('');
  const [isTrunk, setTrunk] = useState(false);
  const preview = useMutation({
    mutationFn: () =>
      send<Preview>('POST', '/api/v1/sta/preview', {
        recordedParty: isTrunk ? 'trunk' : 'agent',
        ...(queue.trim() === '' ? {} : { queue }),
        ...(agent.trim() === '' ? {} : { agent }),
        ...(spoken.trim() === '' || languageKey === null
          ? {}
          : { userData: { [languageKey]: spoken } }),
      }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    preview.mutate();
  };
  return (
    <article>
      <h2>{t('preview')}</h2>
      <form className="filters" onSubmit={submit}>
        <label>
          {t('queue')}
          <input
            value={queue}
            placeholder={t('noQueue')}
            onChange={(event) => setQueue(event.target.value)}
          />
        </label>
        <label>
          {t('agent')}
          <input value={agent} onChange={(event) => setAgent(event.target.value)} />
        </label>
        <label>
          {languageKey === null ? t('spokenLanguage') : t('languageOfCall', { key: languageKey })}
          <input
            value={spoken}
            disabled={languageKey === null}
            list="languages"
            onChange={(event) => setSpoken(event.target.value)}
          />
        </label>
        <datalist id="languages">
          {(configuration.genesysCloud.languages?.codes ?? []).map((code) => (
            <option key={code} value={code} />
          ))}
        </datalist>
        <label>
          {t('recordedParty')}
          <select
            value={isTrunk ? 'trunk' : 'agent'}
            onChange={(event) => setTrunk(event.target.value === 'trunk')}
          >
            <option value="agent">{t('agent')}</option>
            <option value="trunk">{t('trunk')}</option>
          </select>
        </label>
        <button type="submit" className="primary" disabled={preview.isPending}>
          {t('ask')}
        </button>
      </form>
      {preview.error !== null && <Trouble error={preview.error} />}
      {preview.data !== undefined && <Answer preview={preview.data} />}
    </article>
  );
}

function Answer({ preview }: { readonly preview: Preview }) {
  const { language } = usePreferences();
  const { requested, programName, programId, reason, queue, scope, trail } = preview;
  const names = {
    queue: queue?.name ?? null,
    program: programName ?? programId ?? null,
    language: preview.language ?? null,
  };
  return (
    <div role="status">
      <p>
        <strong>
          {requested
            ? transcribed(names, language)
            : isReason(reason ?? '')
              ? notTranscribed(reason as Parameters<typeof notTranscribed>[0], names, language)
              : reason}
        </strong>{' '}
        {scopeWords(scope, language)}
      </p>
      <Trail
        steps={trail}
        queue={names.queue}
        program={programId === undefined ? null : { id: programId, name: programName }}
      />
    </div>
  );
}
