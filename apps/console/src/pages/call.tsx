import { causeWords } from '@exrec/words';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client.js';
import type { CallLog, Interaction, PhoneNumber, WholeRecording } from '../api/shapes.js';
import { useMay } from '../api/caller.js';
import { SendAgain } from '../parts/send-again.js';
import { State } from '../parts/state.js';
import { TimeLine } from '../parts/time-line.js';
import { durationWords, Time } from '../parts/times.js';
import { transcriptionSentence } from '../parts/transcription-word.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

/** A call: what happened, what was decided of each recording and why, what was tried. */
export function CallPage({ id }: { readonly id: string }) {
  const { t } = usePreferences();
  const path = `/api/v1/interactions/${encodeURIComponent(id)}`;
  const call = useQuery({
    queryKey: ['interactions', id],
    queryFn: () => ask<Interaction>(path),
  });
  const log = useQuery({
    queryKey: ['interactions', id, 'log'],
    queryFn: () => ask<CallLog>(`${path}/log`).catch(() => null),
  });
  if (call.failureReason !== null && call.data === undefined)
    return <Trouble error={call.failureReason} />;
  if (call.data === undefined) return null;
  const { data } = call;
  return (
    <>
      <CallHead call={data} />
      {log.data ? (
        <TimeLine call={data} log={log.data} />
      ) : (
        log.isSuccess && <p className="calm">{t('noLog')}</p>
      )}
      {data.recordings.map((one) => (
        <RecordingCard key={one.recordingId} recording={one} />
      ))}
      <ConversationCard call={data} log={log.data ?? undefined} />
    </>
  );
}

const shown = (number: PhoneNumber | undefined) =>
  number ? (number.number ?? `…${number.lastFour}`) : '–';

function CallHead({ call }: { readonly call: Interaction }) {
  const { t } = usePreferences();
  const { startTime, endTime, conversation, recordings, flags = [] } = call;
  const spanMs =
    startTime && endTime ? new Date(endTime).getTime() - new Date(startTime).getTime() : null;
  return (
    <>
      <h1>
        {t('call')} <code>{call.interactionId}</code>
      </h1>
      <p className="facts">
        {call.direction} · {shown(call.ani)} → {shown(call.dnis)} · <Time iso={startTime} /> ·{' '}
        {durationWords(spanMs)} ·{' '}
        {recordings.length === 1
          ? t('oneRecording')
          : t('recordings', { count: recordings.length })}
        {conversation && ` · ${t('conversation', { state: conversation.state })}`}
        {flags.length > 0 && ` · ${flags.join(', ')}`}
      </p>
    </>
  );
}

function RecordingCard({ recording }: { readonly recording: WholeRecording }) {
  const { t, language } = usePreferences();
  const isOperator = useMay('operator');
  const { cause, detail, history, state } = recording;
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
            {words.means} {detail !== null && <q>{detail}</q>}
          </dd>
          <dt>{t('whatToDo')}</dt>
          <dd>{words.todo}</dd>
        </dl>
      )}
      {state === 'failed' && isOperator && (
        <SendAgain filters={{ ids: [recording.recordingId] }} count={1} />
      )}
      <section>
        <h3>{t('decision')}</h3>
        <p>
          {recording.scope !== null &&
            `${recording.scope.inScope ? t('inScope') : t('any')} (${recording.scope.rule ?? '–'}). `}
          {transcriptionSentence(recording, language)}
        </p>
        {recording.staTrail !== null && (
          <ol className="trail">
            {recording.staTrail.map((step, index) => (
              <li key={`${index}${step.rule ?? ''}`}>
                <code>{step.rule}</code> {step.value}
              </li>
            ))}
          </ol>
        )}
      </section>
      <Attempts history={history} />
      <details>
        <summary>{t('details')}</summary>
        <dl className="technical-list">
          <dt>recordingId</dt>
          <dd>{recording.recordingId}</dd>
          <dt>mediaId</dt>
          <dd>{recording.mediaId}</dd>
          <dt>SHA-256</dt>
          <dd>{recording.audio.sha256 ?? '–'}</dd>
          <dt>{t('sealedTo')}</dt>
          <dd>{recording.keyFingerprint ?? '–'}</dd>
          <dt>{t('uploadedAs')}</dt>
          <dd>{recording.uploadKey ?? '–'}</dd>
          <dt>{t('report')}</dt>
          <dd>{recording.reportStatus ?? '–'}</dd>
          <dt>{t('flags')}</dt>
          <dd>{recording.flags.join(', ') || '–'}</dd>
        </dl>
      </details>
    </article>
  );
}

function Attempts({ history }: { readonly history: WholeRecording['history'] }) {
  const { t, language } = usePreferences();
  if (history.length === 0) return null;
  return (
    <section>
      <h3>{t('attempts')}</h3>
      <ol className="trail">
        {history.map((one, index) => (
          <li key={index}>
            <Time
              iso={one.endedAt ?? (one.endedAtMs ? new Date(one.endedAtMs).toISOString() : null)}
            />{' '}
            {one.outcome}
            {one.cause !== undefined && `: ${causeWords(one.cause, language).title}`}{' '}
            {one.detail !== undefined && <q>{one.detail}</q>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function ConversationCard({
  call,
  log,
}: {
  readonly call: Interaction;
  readonly log: CallLog | undefined;
}) {
  const { t } = usePreferences();
  const conversation = log?.conversation ?? log?.legs;
  if (call.conversationId === undefined && conversation === undefined) return null;
  return (
    <article>
      <h2>{t('conversationTab')}</h2>
      <p className="technical">{call.conversationId}</p>
      {conversation !== undefined && (
        <details>
          <summary>{t('details')}</summary>
          <pre tabIndex={0}>{JSON.stringify(conversation, null, 2)}</pre>
        </details>
      )}
    </article>
  );
}
