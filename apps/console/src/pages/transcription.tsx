import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client.js';
import type { Configuration } from '../api/configuration.js';
import { QueuesTable } from '../parts/queues-table.js';
import { amountWords } from '../parts/times.js';
import { Trouble } from '../parts/trouble.js';
import { WhatIf } from '../parts/what-if.js';
import { WhyNot } from '../parts/why-not.js';
import { usePreferences } from '../texts/preferences.js';

/** What is transcribed and why not: Genesys Cloud's configuration as EXCP has it, and the last week. */
export function TranscriptionPage() {
  const { t } = usePreferences();
  const configuration = useQuery({
    queryKey: ['configuration'],
    queryFn: () => ask<Configuration>('/api/v1/configuration'),
  });
  const { data } = configuration;
  return (
    <>
      <h1>{t('transcription')}</h1>
      {configuration.failureReason !== null && <Trouble error={configuration.failureReason} />}
      {data !== undefined && (
        <>
          <GenesysCloud configuration={data} />
          <WhatIf configuration={data} />
          <QueuesTable />
          <Gaps gaps={data.gaps ?? []} />
        </>
      )}
      <WhyNot />
    </>
  );
}

function GenesysCloud({ configuration }: { readonly configuration: Configuration }) {
  const { t, n } = usePreferences();
  const { genesysCloud: gc, rules } = configuration;
  if (gc.ageSeconds === null) return <p className="calm">{t('noConfiguration')}</p>;
  return (
    <article>
      <h2>{t('configurationAge', { age: amountWords(gc.ageSeconds * 1000) })}</h2>
      {gc.lastPull?.ok === false && (
        <p className="waits">
          <span aria-hidden="true">▲</span> {t('pullFailed')}{' '}
          {gc.lastPull.detail !== null && <q>{gc.lastPull.detail}</q>}
        </p>
      )}
      <dl>
        <dt>{t('organization')}</dt>
        <dd>{gc.transcription}</dd>
        <dt>{t('queuesInGc')}</dt>
        <dd>
          {gc.queues &&
            t('queuesWithTranscription', {
              count: n(gc.queues.withTranscription),
              total: n(gc.queues.total),
            })}
        </dd>
        <dt>{t('defaultProgram')}</dt>
        <dd>{gc.defaultProgram?.name ?? gc.defaultProgram?.id ?? '–'}</dd>
        <dt>{t('defaultLanguage')}</dt>
        <dd>{rules?.defaultLanguage ?? '–'}</dd>
        <dt>{t('languageKey')}</dt>
        <dd>{rules?.userDataLanguageKey ?? '–'}</dd>
        <dt>{t('languages')}</dt>
        <dd>{gc.languages?.codes.join(', ')}</dd>
      </dl>
    </article>
  );
}

function Gaps({ gaps }: { readonly gaps: NonNullable<Configuration['gaps']> }) {
  const { t, n } = usePreferences();
  if (gaps.length === 0) return null;
  return (
    <article>
      <h2>{t('gaps')}</h2>
      <ul className="causes">
        {gaps.map(({ kind, name, count }) => (
          <li key={`${kind}/${name}`}>
            <strong className="count">{n(count)}</strong>{' '}
            {t(kind === 'queue' ? 'gapQueue' : 'gapAgent', { name })}
          </li>
        ))}
      </ul>
    </article>
  );
}
