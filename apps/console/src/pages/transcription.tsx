import { notTranscribed, transcriptionReasons } from '@exrec/words';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask, withQuery } from '../api/client.js';
import type { Page, Recording } from '../api/shapes.js';
import { amountWords } from '../parts/times.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

type Configuration = {
  readonly genesysCloud: {
    readonly ageSeconds: number | null;
    readonly transcription: string | null;
    readonly queues: { readonly total: number; readonly withTranscription: number } | null;
    readonly defaultProgram: { readonly id: string; readonly name?: string } | null;
    readonly languages: { readonly codes: readonly string[] } | null;
    readonly mappings:
      | readonly {
          readonly programId: string;
          readonly programName?: string;
          readonly queues: number;
        }[]
      | null;
  };
  readonly gaps?: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

const weekMs = 7 * 86_400_000;

/** What is transcribed and why not: Genesys Cloud's configuration as EXCP has it, and the last week. */
export function TranscriptionPage() {
  const { t, n } = usePreferences();
  const configuration = useQuery({
    queryKey: ['configuration'],
    queryFn: () => ask<Configuration>('/api/v1/configuration'),
  });
  const { data } = configuration;
  const gc = data?.genesysCloud;
  return (
    <>
      <h1>{t('transcription')}</h1>
      {configuration.failureReason !== null && <Trouble error={configuration.failureReason} />}
      {gc?.ageSeconds === null && <p className="calm">{t('noConfiguration')}</p>}
      {gc !== undefined && typeof gc.ageSeconds === 'number' && (
        <article>
          <h2>{t('configurationAge', { age: amountWords(gc.ageSeconds * 1000) })}</h2>
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
            <dt>{t('languages')}</dt>
            <dd>{gc.languages?.codes.join(', ')}</dd>
          </dl>
        </article>
      )}
      <Gaps gaps={data?.gaps ?? {}} />
      <WhyNot />
    </>
  );
}

function Gaps({ gaps }: { readonly gaps: NonNullable<Configuration['gaps']> }) {
  const { t, n } = usePreferences();
  const rows = Object.entries(gaps).flatMap(([kind, byName]) =>
    Object.entries(byName).map(([name, count]) => ({ kind, name, count })),
  );
  if (rows.length === 0) return null;
  return (
    <article>
      <h2>{t('gaps')}</h2>
      <ul className="causes">
        {rows.map(({ kind, name, count }) => (
          <li key={`${kind}${name}`}>
            {name} <span className="technical">{kind}</span> {n(count)}
          </li>
        ))}
      </ul>
    </article>
  );
}

function WhyNot() {
  const { t, language } = usePreferences();
  const from = new Date(Math.floor((Date.now() - weekMs) / 3_600_000) * 3_600_000).toISOString();
  return (
    <article>
      <h2>{t('whyNotWeek')}</h2>
      <ul className="causes">
        {transcriptionReasons.map((reason) => (
          <WhyNotRow
            key={reason}
            reason={reason}
            from={from}
            words={notTranscribed(reason, {}, language)}
          />
        ))}
      </ul>
    </article>
  );
}

type WhyNotRowProps = { readonly reason: string; readonly from: string; readonly words: string };

const counted = 500;

function WhyNotRow({ reason, from, words }: WhyNotRowProps) {
  const { n } = usePreferences();
  const query = { sta: reason, from };
  const found = useQuery({
    queryKey: ['recordings', 'why-not', query],
    queryFn: () =>
      ask<Page<Recording>>(withQuery('/api/v1/recordings', { ...query, limit: counted })),
  });
  const count = found.data?.items.length;
  return (
    <li>
      <strong className="count">
        {count === undefined ? '…' : n(count)}
        {found.data?.nextCursor ? '+' : ''}
      </strong>{' '}
      <Link href={withQuery('/search', query)}>{words}</Link>{' '}
      <span className="technical">{reason}</span>
    </li>
  );
}
