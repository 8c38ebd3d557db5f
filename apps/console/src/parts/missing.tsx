import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useMay } from '../api/caller.js';
import { ask, send, withQuery, searchPath } from '../api/client.js';
import type { Overview, Proof } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import type { Span } from '../query/span.js';
import { Time } from './times.js';
import { Trouble } from './trouble.js';

type Comparison = {
  /** It takes longer than anybody waits for an answer. */
  readonly running: boolean;
};

type MissingProps = {
  readonly span: Span;
  /** The last comparison. */
  readonly latest: Overview['comparison'];
};

const shown = 20;

/** Whether anything is missing: what segments, recordings and audio files say when they are compared. */
export function Missing({ span, latest }: MissingProps) {
  const { t, n } = usePreferences();
  const proof = useQuery({
    queryKey: ['sums', 'proof', span],
    queryFn: () => ask<Proof>(withQuery('/api/v1/proof', span)),
  });
  if (proof.data === undefined) return null;
  const { unexplained, differences } = proof.data;
  const isFine = unexplained === 0 && differences.length === 0;
  return (
    <section className="missing">
      <h2>{t('missing')}</h2>
      <p className={isFine ? 'calm' : 'needs-a-person'}>
        {isFine
          ? t('nothingMissing')
          : t('somethingMissing', {
              unexplained: n(unexplained),
              differences: n(differences.length),
            })}
      </p>
      {latest !== null && (
        <p className="calm">
          {t('compared')} <Time iso={latest.finishedAt} />: {latest.sentence}
        </p>
      )}
      <ul className="causes">
        {differences.slice(0, shown).map(({ kind, id }) => (
          <li key={`${kind}/${id}`} className="needs-a-person">
            <span aria-hidden="true">◼</span> <code>{kind}</code>{' '}
            <Link href={searchPath({ q: id })}>{id}</Link>
          </li>
        ))}
      </ul>
      {differences.length > shown && (
        <p className="calm">{t('andMore', { count: n(differences.length - shown) })}</p>
      )}
      <CompareNow />
    </section>
  );
}

function CompareNow() {
  const { t } = usePreferences();
  const isOperator = useMay('operator');
  const client = useQueryClient();
  const compare = useMutation({
    mutationFn: () => send<Comparison>('POST', '/api/v1/reconciliations', {}),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['sums'] });
      await client.invalidateQueries({ queryKey: ['recordings'] });
    },
  });
  if (!isOperator) return null;
  return (
    <>
      <button
        type="button"
        onClick={() => compare.mutate()}
        disabled={compare.isPending || compare.data?.running === true}
      >
        {compare.isPending || compare.data?.running === true ? t('comparing') : t('compareNow')}
      </button>
      {compare.error !== null && <Trouble error={compare.error} />}
    </>
  );
}
