import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask, withQuery } from '../api/client.js';
import type { Interaction, Page } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { Time } from './times.js';

const most = 50;

/** Where no recording is found: a call that goes on has none yet, and some never get one. */
export function CallsWithoutRecording({
  query,
}: {
  readonly query: Readonly<Record<string, string>>;
}) {
  const { t } = usePreferences();
  const calls = useQuery({
    queryKey: ['interactions', 'found', query],
    queryFn: () =>
      ask<Page<Omit<Interaction, 'recordings'>>>(
        withQuery('/api/v1/interactions', { ...query, limit: most }),
      ),
  });
  if (calls.data === undefined) return null;
  if (calls.data.items.length === 0) return <p className="calm">{t('nothingFound')}</p>;
  return (
    <section>
      <h2>{t('callsWithoutRecording')}</h2>
      <ul>
        {calls.data.items.map(({ interactionId, startTime, state, agents = [] }) => (
          <li key={interactionId}>
            <Link href={`/calls/${encodeURIComponent(interactionId)}`}>
              <Time iso={startTime} />
            </Link>{' '}
            · {state === 'open' ? t('goesOn') : t('isOver')}
            {agents.length > 0 && ` · ${agents.join(', ')}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
