import { causeWords } from '@exrec/words';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask, withQuery } from '../api/client.js';
import type { Instance, Page, Proof, Summary } from '../api/shapes.js';
import { HoursChart } from '../parts/hours-chart.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

const hourMs = 3_600_000;

function midnight(isUtc: boolean): string {
  const now = new Date();
  if (isUtc) now.setUTCHours(0, 0, 0, 0);
  else now.setHours(0, 0, 0, 0);
  return now.toISOString();
}

/** Whether to worry, in three seconds. */
export function OverviewPage() {
  const { t, n, isUtc } = usePreferences();
  const from = midnight(isUtc);
  const proof = useQuery({
    queryKey: ['recordings', 'proof', from],
    queryFn: () => ask<Proof>(withQuery('/api/v1/proof', { from })),
  });
  if (proof.failureReason !== null && proof.data === undefined)
    return <Trouble error={proof.failureReason} />;
  if (proof.data === undefined) return null;
  const { collected, confirmed, uploaded, waiting, outOfScope, failed, unexplained } = proof.data;
  const values = { collected: n(collected), confirmed: n(confirmed), failed: n(failed) };
  return (
    <>
      <h1 className="sentence">
        <small>{t('sinceMidnight')}</small>{' '}
        {t('sentence', {
          ...values,
          onTheirWay: n(uploaded + waiting),
          outOfScope: n(outOfScope),
          unexplained: n(unexplained),
        })}
      </h1>
      {proof.failureReason !== null && <Trouble error={proof.failureReason} />}
      <Flow proof={proof.data} />
      <div className="columns">
        <Causes state="failed" title={t('needsAPerson')} from={from} unexplained={unexplained} />
        <Causes state="waiting" title={t('waits')} from={from} unexplained={0} />
        <Services />
      </div>
      <HoursChart />
    </>
  );
}

/** The way of all recordings of the day, as a picture. */
function Flow({ proof }: { readonly proof: Proof }) {
  const { t, n } = usePreferences();
  const { collected, outOfScope, uploaded, confirmed } = proof;
  const steps = [
    [t('collected'), collected],
    [t('inScope'), collected - outOfScope],
    [t('uploaded'), uploaded + confirmed],
    [t('inGenesysCloud'), confirmed],
  ] as const;
  return (
    <ol className="flow">
      {steps.map(([name, count]) => (
        <li key={name}>
          <span>{name}</span>
          <strong>{n(count)}</strong>
        </li>
      ))}
    </ol>
  );
}

type CausesProps = {
  readonly state: 'failed' | 'waiting';
  readonly title: string;
  readonly from: string;
  readonly unexplained: number;
};

function Causes({ state, title, from, unexplained }: CausesProps) {
  const { t, n, language } = usePreferences();
  // What waits or failed does not become better at midnight.
  const since = new Date(new Date(from).getTime() - 7 * 24 * hourMs).toISOString();
  const summary = useQuery({
    queryKey: ['recordings', 'causes', since],
    queryFn: () => ask<Summary>(withQuery('/api/v1/summary', { by: 'cause', from: since })),
  });
  const rows = (summary.data?.items ?? [])
    .map(({ value, states }) => ({ cause: value, count: states[state] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((left, right) => right.count - left.count);
  const path = state === 'failed' ? '/failed' : '/search?state=waiting';
  return (
    <section>
      <h2>{title}</h2>
      {rows.length === 0 && unexplained === 0 && <p className="calm">{t('nothing')}</p>}
      <ul className="causes">
        {unexplained > 0 && (
          <li className="needs-a-person">
            ◼ {n(unexplained)} {t('state')}: ?
          </li>
        )}
        {rows.map(({ cause, count }) => (
          <li key={cause ?? ''} className={state === 'failed' ? 'needs-a-person' : 'waits'}>
            <span aria-hidden="true">{state === 'failed' ? '◼' : '▲'}</span> {n(count)}{' '}
            <Link href={state === 'failed' ? path : `${path}&cause=${cause ?? ''}`}>
              {cause === null ? '?' : causeWords(cause, language).title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Services() {
  const { t } = usePreferences();
  const instances = useQuery({
    queryKey: ['instances'],
    queryFn: () => ask<Page<Instance>>('/api/v1/instances'),
  });
  return (
    <section>
      <h2>{t('services')}</h2>
      <ul className="causes">
        {(instances.data?.items ?? []).map((one) => (
          <li
            key={`${one.service}/${one.id}`}
            className={one.status === 'ready' ? 'fine' : 'waits'}
          >
            <span aria-hidden="true">{one.status === 'ready' ? '●' : '▲'}</span> {one.service}{' '}
            <span className="technical">{one.version}</span>{' '}
            {one.status !== 'ready' &&
              `${one.status}: ${one.findings.map(({ check, reason }) => `${check}: ${reason}`).join('; ')}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
