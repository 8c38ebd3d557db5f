import type { ExrpStanding } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { useExrpStanding } from './standing-still.js';
import { amountWords, Time, useNow } from './times.js';
import { Trouble } from './trouble.js';

type Key = ExrpStanding['keys']['items'][number];
type Client = ExrpStanding['clients'][number];

/** A key that ends within this time is worth a look. */
const soonMs = 30 * 86_400_000;

/** The keys that recordings are sealed to, with fingerprint, age and expiry. */
export function Keys() {
  const { t } = usePreferences();
  const standing = useExrpStanding();
  const keys = standing.data?.keys;
  return (
    <article>
      <h2>{t('keys')}</h2>
      {standing.failureReason !== null && <Trouble error={standing.failureReason} />}
      {keys !== undefined && (
        <p className="calm">
          {keys.items.length === 0 ? t('noKeys') : t('keysAsked')}{' '}
          {keys.at !== null && <Time iso={keys.at} />}
        </p>
      )}
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('keys')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('fingerprint')}</th>
              <th scope="col">{t('age')}</th>
              <th scope="col">{t('expires')}</th>
              <th scope="col">{t('state')}</th>
              <th scope="col">{t('id')}</th>
            </tr>
          </thead>
          <tbody>
            {(keys?.items ?? []).map((key) => (
              <KeyRow key={key.keyId} of={key} />
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}

function KeyRow({ of: key }: { readonly of: Key }) {
  const { t } = usePreferences();
  const nowMs = useNow();
  const leftMs = key.expiresAt === null ? Infinity : Date.parse(key.expiresAt) - nowMs;
  const groups = key.fingerprint?.match(/.{1,4}/g)?.join(' ');
  return (
    <tr>
      <td>
        <code>{groups ?? '–'}</code>
      </td>
      <td>
        {key.createdAt === null ? '–' : amountWords(Math.max(0, nowMs - Date.parse(key.createdAt)))}
      </td>
      <td className={leftMs < soonMs ? 'waits' : 'fine'}>
        {key.expiresAt === null ? (
          t('never')
        ) : (
          <>
            {leftMs < soonMs && <span aria-hidden="true">▲ </span>}
            {leftMs > 0 ? t('in', { time: amountWords(leftMs) }) : t('expired')} ·{' '}
            <Time iso={key.expiresAt} />
          </>
        )}
      </td>
      <td className={key.refused === null ? 'fine' : 'waits'}>
        {key.refused !== null ? (
          <>
            <span aria-hidden="true">▲</span> {t('keyRefused')} <q>{key.refused}</q>
          </>
        ) : key.inUse ? (
          <>
            <span aria-hidden="true">●</span> {t('keyInUse')}
          </>
        ) : (
          t('keyOlder')
        )}
      </td>
      <td className="technical">{key.keyId}</td>
    </tr>
  );
}

/** OAuth clients with what is left of their requests a minute. */
export function Clients() {
  const { t } = usePreferences();
  const standing = useExrpStanding();
  const clients = standing.data?.clients ?? [];
  return (
    <article>
      <h2>{t('clients')}</h2>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('clients')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('client')}</th>
              <th scope="col" className="number">
                {t('requestsPerMinute')}
              </th>
              <th scope="col">{t('left')}</th>
              <th scope="col">{t('state')}</th>
            </tr>
          </thead>
          <tbody>
            {clients.map((client) => (
              <ClientRow key={client.client} client={client} />
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}

function ClientRow({ client }: { readonly client: Client }) {
  const { t, n } = usePreferences();
  const { refused, pausedForMs, left, burst } = client;
  const isFine = refused === null && pausedForMs === 0;
  return (
    <tr>
      <td>
        <code>{client.client}</code>
      </td>
      <td className="number">{n(client.requestsPerMinute)}</td>
      <td>
        <meter value={left} max={burst} aria-label={t('left')} />{' '}
        {t('leftNow', { left: n(left), burst: n(burst) })}
      </td>
      <td className={isFine ? 'fine' : 'waits'}>
        <span aria-hidden="true">{isFine ? '●' : '▲'}</span>{' '}
        {refused !== null ? (
          <>
            {t('clientRefused')} <q>{refused}</q>
          </>
        ) : pausedForMs > 0 ? (
          t('clientPaused', { time: amountWords(pausedForMs) })
        ) : (
          t('clientFine')
        )}
      </td>
    </tr>
  );
}
