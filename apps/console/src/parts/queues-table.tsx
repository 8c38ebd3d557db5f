import { notTranscribed, transcriptionReasons, type TranscriptionReason } from '@exrec/words';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { ask, send, withQuery, searchPath } from '../api/client.js';
import type { QueueOutlook } from '../api/configuration.js';
import type { Summary } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { lastDays } from '../query/span.js';
import { Trouble } from './trouble.js';

const days = 7;
/** More than these are looked at by their name. */
const most = 200;

/** The queues of the last week beside what Genesys Cloud has for them. */
export function QueuesTable() {
  const { t, n } = usePreferences();
  const [filter, setFilter] = useState('');
  const from = lastDays(days);
  const seen = useQuery({
    queryKey: ['sums', 'queues', from],
    queryFn: () => ask<Summary>(withQuery('/api/v1/summary', { by: 'queue', from })),
  });
  const counts = (seen.data?.items ?? [])
    .flatMap(({ value, recordings }) => (value === null ? [] : [{ queue: value, recordings }]))
    .filter(({ queue }) => queue.toLowerCase().includes(filter.trim().toLowerCase()))
    .sort((left, right) => right.recordings - left.recordings);
  const queues = counts.slice(0, most).map(({ queue }) => queue);
  const outlooks = useQuery({
    queryKey: ['configuration', 'queues', queues],
    queryFn: () =>
      send<{ items: readonly QueueOutlook[] }>('POST', '/api/v1/sta/queues', { queues }),
    enabled: queues.length > 0,
    placeholderData: (before) => before,
  });
  const byQueue = new Map((outlooks.data?.items ?? []).map((one) => [one.queue, one]));
  return (
    <article>
      <h2>{t('queuesOfWeek')}</h2>
      {outlooks.failureReason !== null && <Trouble error={outlooks.failureReason} />}
      {counts.length > most || filter !== '' ? (
        <label>
          {t('queue')}
          <input value={filter} onChange={(event) => setFilter(event.target.value)} />
        </label>
      ) : null}
      {seen.isSuccess && counts.length === 0 && <p className="calm">{t('nothing')}</p>}
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('queuesOfWeek')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('queue')}</th>
              <th scope="col" className="number">
                {t('recordingsColumn')}
              </th>
              <th scope="col">{t('inGenesysCloud')}</th>
              <th scope="col">{t('transcription')}</th>
              <th scope="col">{t('program')}</th>
              <th scope="col">{t('spokenLanguage')}</th>
              <th scope="col">{t('result')}</th>
            </tr>
          </thead>
          <tbody>
            {counts.slice(0, most).map(({ queue, recordings }) => (
              <tr key={queue}>
                <td>
                  <Link href={searchPath({ queue, from })}>{queue}</Link>
                </td>
                <td className="number">{n(recordings)}</td>
                <OutlookCells outlook={byQueue.get(queue)} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}

function OutlookCells({ outlook }: { readonly outlook: QueueOutlook | undefined }) {
  const { t, language } = usePreferences();
  if (outlook === undefined) return <td colSpan={5}>…</td>;
  const { gcQueue, transcription, program, reason, queue } = outlook;
  return (
    <>
      <td className={gcQueue === null ? 'waits' : 'fine'}>
        {gcQueue === null ? (
          <>
            <span aria-hidden="true">▲</span> {t('doesNotExist')}
          </>
        ) : (
          gcQueue.name
        )}
      </td>
      <td className={transcription === true ? 'fine' : 'waits'}>
        {transcription === null ? '–' : t(transcription ? 'on' : 'off')}
      </td>
      <td>{program === null ? '–' : (program.name ?? program.id)}</td>
      <td>{outlook.language ?? '–'}</td>
      <td className={reason === null ? 'fine' : 'waits'}>
        {reason === null
          ? t('wasTranscribed')
          : isReason(reason)
            ? notTranscribed(reason, { queue }, language)
            : reason}
      </td>
    </>
  );
}

export function isReason(text: string): text is TranscriptionReason {
  return (transcriptionReasons as readonly string[]).includes(text);
}
