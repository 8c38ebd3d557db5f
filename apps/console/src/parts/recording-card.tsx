import { causeWords, scopeWords, stateWords, trailWords } from '@exrec/words';
import type { WholeRecording } from '../api/shapes.js';
import { useMay } from '../api/caller.js';
import { usePreferences } from '../texts/preferences.js';
import { Prose } from './prose.js';
import { SendAgain } from './send-again.js';
import { State } from './state.js';
import { amountWords, durationWords, Time, useNow } from './times.js';
import { transcriptionSentence } from './transcription-word.js';

/** One recording: where it stands, why, what was decided and tried. */
export function RecordingCard({ recording }: { readonly recording: WholeRecording }) {
  const { t, language } = usePreferences();
  const isOperator = useMay('operator');
  const { cause, detail, state } = recording;
  const words = cause === null ? undefined : causeWords(cause, language);
  return (
    <article>
      <h2>
        {recording.agent ?? recording.dn ?? recording.recordedParty} ·{' '}
        {recording.queue ?? t('noQueue')} · <Time iso={recording.startTime} /> ·{' '}
        {durationWords(recording.durationMs)}
      </h2>
      <p>
        <State state={state} cause={cause} nextTryAt={recording.nextTryAt} />
      </p>
      {words !== undefined && (
        <dl>
          <dt>{t('whyNot')}</dt>
          <dd>
            <Prose text={words.means} /> {detail !== null && <q>{detail}</q>}
          </dd>
          <dt>{t('whatToDo')}</dt>
          <dd>
            <Prose text={words.todo} />
          </dd>
        </dl>
      )}
      {state === 'failed' && isOperator && (
        <SendAgain filters={{ ids: [recording.recordingId] }} count={1} />
      )}
      <Decision recording={recording} />
      <Attempts recording={recording} />
      <Requeues requeues={recording.requeues} />
      <Details recording={recording} />
    </article>
  );
}

function Decision({ recording }: { readonly recording: WholeRecording }) {
  const { t, language } = usePreferences();
  const { scope, staTrail, queue } = recording;
  return (
    <section>
      <h3>{t('decision')}</h3>
      <p>
        {scope !== null && `${scopeWords(scope, language)} `}
        {transcriptionSentence(recording, language)}
        {scope === null && recording.sta === null && t('notDecided')}
      </p>
      <Trail steps={staTrail ?? []} queue={queue} program={recording.program} />
    </section>
  );
}

type TrailProps = {
  readonly steps: readonly { readonly rule?: string; readonly value?: string }[];
  readonly queue: string | null;
  /** The one that was decided for: the steps name it by its id. */
  readonly program: { readonly id: string; readonly name: string | null } | null;
};

/** A decision step by step, in words; the rule's own name stands small beside it. */
export function Trail({ steps, queue, program }: TrailProps) {
  const { language } = usePreferences();
  if (steps.length === 0) return null;
  return (
    <ol className="trail">
      {steps.map(({ rule = '?', value }, index) => (
        <li key={`${index}${rule}`}>
          {trailWords(
            rule,
            { value: value === program?.id ? (program?.name ?? value) : value, queue },
            language,
          )}{' '}
          <span className="technical">{rule}</span>
        </li>
      ))}
    </ol>
  );
}

function Attempts({ recording }: { readonly recording: WholeRecording }) {
  const { t, language } = usePreferences();
  const nowMs = useNow();
  const { history, nextTryAt, state } = recording;
  if (history.length === 0 && nextTryAt === null) return null;
  const leftMs = nextTryAt === null ? 0 : Date.parse(nextTryAt) - nowMs;
  return (
    <section>
      <h3>{t('attempts')}</h3>
      <ol className="trail">
        {history.map((one, index) => (
          <li key={index}>
            <Time iso={one.endedAt ?? one.startedAt} />{' '}
            {one.outcome === 'released'
              ? t('released')
              : stateWords(
                  one.outcome === 'uploaded' || one.outcome === 'failed' ? one.outcome : 'waiting',
                  language,
                )}
            {one.cause !== undefined && `: ${causeWords(one.cause, language).title}`}{' '}
            {one.detail !== undefined && <q>{one.detail}</q>}
          </li>
        ))}
      </ol>
      {nextTryAt !== null && state === 'waiting' && (
        <p>
          {t('nextTry')} <Time iso={nextTryAt} />
          {leftMs > 0 && ` (${t('in', { time: amountWords(leftMs) })})`}
        </p>
      )}
    </section>
  );
}

function Requeues({ requeues }: { readonly requeues: WholeRecording['requeues'] }) {
  const { t } = usePreferences();
  if (requeues.length === 0) return null;
  return (
    <section>
      <h3>{t('sentAgain')}</h3>
      <ol className="trail">
        {requeues.map(({ at, by, why }) => (
          <li key={`${at}${by}`}>
            <Time iso={at} /> {t('by')} {by}
            {why !== null && why !== '' && `: ${why}`}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Details({ recording }: { readonly recording: WholeRecording }) {
  const { t } = usePreferences();
  const { audio, zip, flags } = recording;
  return (
    <details>
      <summary>{t('details')}</summary>
      <dl className="technical-list">
        <dt>recordingId</dt>
        <dd>{recording.recordingId}</dd>
        <dt>mediaId</dt>
        <dd>{recording.mediaId}</dd>
        <dt>{t('dispatchedAt')}</dt>
        <dd>
          <Time iso={recording.acceptedAt} />
        </dd>
        <dt>{t('uploaded')}</dt>
        <dd>
          <Time iso={recording.uploadedAt} />
        </dd>
        <dt>{t('inGenesysCloud')}</dt>
        <dd>
          <Time iso={recording.confirmedAt} />
        </dd>
        <dt>{t('report')}</dt>
        <dd>{recording.reportStatus ?? '–'}</dd>
        <dt>{t('uploadedAs')}</dt>
        <dd>{recording.uploadKey ?? '–'}</dd>
        <dt>{t('sealedTo')}</dt>
        <dd>{recording.keyFingerprint ?? '–'}</dd>
        <dt>SHA-256 (audio)</dt>
        <dd>{audio.sha256 ?? '–'}</dd>
        <dt>SHA-256 (ZIP)</dt>
        <dd>{zip.sha256 ?? '–'}</dd>
        <dt>{t('flags')}</dt>
        <dd>{flags.join(', ') || '–'}</dd>
      </dl>
    </details>
  );
}
