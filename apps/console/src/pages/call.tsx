import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client.js';
import type { CallLog, Interaction, PhoneNumber } from '../api/shapes.js';
import { ConversationCard } from '../parts/conversation-card.js';
import { RecordingCard } from '../parts/recording-card.js';
import { TimeLine } from '../parts/time-line.js';
import { durationWords, Time } from '../parts/times.js';
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
  if (call.data === undefined) return <p className="calm">{t('loading')}</p>;
  const { data } = call;
  return (
    <>
      <CallHead call={data} />
      {log.data ? (
        <TimeLine call={data} log={log.data} />
      ) : (
        log.isSuccess && <p className="calm">{t('noLog')}</p>
      )}
      {data.recordings.length === 0 && <p className="calm">{t('noRecordings')}</p>}
      {data.recordings.map((one) => (
        <RecordingCard key={one.recordingId} recording={one} />
      ))}
      <ConversationCard call={data} told={log.data?.conversations ?? []} />
    </>
  );
}

const shown = (number: PhoneNumber | undefined) =>
  number ? (number.number ?? `…${number.lastFour}`) : '–';

function CallHead({ call }: { readonly call: Interaction }) {
  const { t } = usePreferences();
  const { startTime, endTime, conversation, recordings, direction, state, flags = [] } = call;
  const spanMs =
    startTime && endTime ? new Date(endTime).getTime() - new Date(startTime).getTime() : null;
  const isKnown = direction === 'inbound' || direction === 'outbound' || direction === 'internal';
  return (
    <>
      <h1>
        {t('call')} <code>{call.interactionId}</code>
      </h1>
      <p className="facts">
        {isKnown && `${t(direction)} · `}
        {shown(call.ani)} → {shown(call.dnis)} · <Time iso={startTime} /> ·{' '}
        {state === 'open' ? t('goesOn') : durationWords(spanMs)} ·{' '}
        {recordings.length === 1
          ? t('oneRecording')
          : t('recordings', { count: recordings.length })}
        {conversation && ` · ${t(`conversation_${conversationState(conversation.state)}`)}`}
        {flags.length > 0 && ` · ${flags.join(', ')}`}
      </p>
    </>
  );
}

function conversationState(state: string): 'complete' | 'gap' | 'open' {
  return state === 'complete' || state === 'gap' ? state : 'open';
}
