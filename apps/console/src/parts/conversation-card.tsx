import type { Interaction, ToldConversation } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { Time } from './times.js';

type ConversationCardProps = {
  readonly call: Interaction;
  /** As long as EXCP still has it. */
  readonly told: readonly ToldConversation[];
};

/** What Genesys Cloud was told of the call, leg by leg, and what it answered. */
export function ConversationCard({ call, told }: ConversationCardProps) {
  const { t } = usePreferences();
  const { conversation, conversationId } = call;
  if (conversationId === undefined && told.length === 0) return null;
  return (
    <article>
      <h2>{t('conversationTab')}</h2>
      {conversation?.detail && (
        <p className="needs-a-person">
          <span aria-hidden="true">◼</span> {conversation.detail}
        </p>
      )}
      {told.length === 0 && <p className="technical">{conversationId}</p>}
      {told.map((one) => (
        <Told key={one.conversationId} conversation={one} />
      ))}
    </article>
  );
}

function Told({ conversation }: { readonly conversation: ToldConversation }) {
  const { t } = usePreferences();
  const { legs, events } = conversation;
  const refused = events.filter(({ state }) => state === 'refused' || state === 'dropped');
  return (
    <section>
      <p>
        {t(conversation.complete ? 'conversation_complete' : 'conversation_open')}{' '}
        <span className="technical">{conversation.conversationId}</span>
      </p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('legs')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('leg')}</th>
              <th scope="col">{t('kind')}</th>
              <th scope="col">{t('begins')}</th>
              <th scope="col">{t('state')}</th>
              <th scope="col">communicationId</th>
            </tr>
          </thead>
          <tbody>
            {legs.map((leg) => (
              <tr key={leg.communicationId}>
                <td>{leg.place}</td>
                <td>{leg.kind ?? '–'}</td>
                <td>
                  <Time iso={leg.startedAt} />
                </td>
                <td className={leg.gap ? 'needs-a-person' : 'fine'}>
                  {leg.gap ? t('legGap') : leg.ended ? t('legEnded') : t('legOpen')}
                </td>
                <td className="technical">{leg.communicationId}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {refused.map(({ index, kind, message }) => (
        <p key={index} className="needs-a-person">
          <span aria-hidden="true">◼</span> {t('refusedEvent', { kind })}{' '}
          {message && <q>{message}</q>}
        </p>
      ))}
      <Events events={events} legs={legs} />
    </section>
  );
}

function Events({ events, legs }: Pick<ToldConversation, 'events' | 'legs'>) {
  const { t, n } = usePreferences();
  return (
    <details>
      <summary>{t('eventsTold', { count: n(events.length) })}</summary>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('conversationTab')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('time')}</th>
              <th scope="col">{t('kind')}</th>
              <th scope="col">{t('leg')}</th>
              <th scope="col">{t('answer')}</th>
            </tr>
          </thead>
          <tbody>
            {events.map(({ index, kind, leg, time, state, message }) => (
              <tr key={index}>
                <td>
                  <Time iso={time} />
                </td>
                <td>{kind}</td>
                <td>{leg === null ? '–' : (legs[leg]?.place ?? leg)}</td>
                <td className={toneOf(state)}>
                  {t(`told_${isState(state) ? state : 'sent'}`)} {message && <q>{message}</q>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

const states = ['planned', 'sent', 'taken', 'refused', 'dropped'] as const;

function isState(state: string): state is (typeof states)[number] {
  return (states as readonly string[]).includes(state);
}

function toneOf(state: string): string {
  if (state === 'taken') return 'fine';
  return state === 'refused' || state === 'dropped' ? 'needs-a-person' : 'under-way';
}
