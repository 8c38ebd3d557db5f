import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ask, withQuery } from '../api/client.js';
import type { AuditItem, Instance, Page } from '../api/shapes.js';
import { useMay } from '../api/caller.js';
import { Clients, Keys } from '../parts/keys-and-clients.js';
import { Time } from '../parts/times.js';
import { More } from '../parts/more.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

/** Keys, OAuth clients, instances, and who did what. */
export function OperationsPage() {
  const { t } = usePreferences();
  const isAdmin = useMay('admin');
  return (
    <>
      <h1>{t('operations')}</h1>
      <Keys />
      <Clients />
      <Instances />
      {isAdmin ? <Audit /> : <p className="calm">{t('onlyAdmins')}</p>}
    </>
  );
}

function Instances() {
  const { t } = usePreferences();
  const instances = useQuery({
    queryKey: ['instances', 'all'],
    queryFn: () => ask<Page<Instance>>('/api/v1/instances'),
  });
  return (
    <article>
      <h2>{t('instances')}</h2>
      {instances.failureReason !== null && <Trouble error={instances.failureReason} />}
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('instances')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('services')}</th>
              <th scope="col">{t('version')}</th>
              <th scope="col">{t('state')}</th>
              <th scope="col">{t('seen')}</th>
            </tr>
          </thead>
          <tbody>
            {(instances.data?.items ?? []).map((one) => (
              <tr key={`${one.service}/${one.id}`}>
                <td>
                  {one.service} <span className="technical">{one.id}</span>
                </td>
                <td>{one.version}</td>
                <td className={one.status === 'ready' ? 'fine' : 'waits'}>
                  <span aria-hidden="true">{one.status === 'ready' ? '●' : '▲'}</span> {one.status}
                  {one.findings.map(({ check, reason }) => ` · ${check}: ${reason}`)}
                </td>
                <td>
                  <Time iso={one.seenAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}

const auditPage = 50;

function Audit() {
  const { t } = usePreferences();
  const audit = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) =>
      ask<Page<AuditItem>>(withQuery('/api/v1/audit', { limit: auditPage, cursor: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // Whoever looks here wants what was done a moment ago.
    staleTime: 0,
  });
  const items = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <article>
      <h2>{t('audit')}</h2>
      {audit.failureReason !== null && <Trouble error={audit.failureReason} />}
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('audit')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('time')}</th>
              <th scope="col">{t('who')}</th>
              <th scope="col">{t('what')}</th>
              <th scope="col">{t('why')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((one, index) => (
              <tr key={`${one.at}${index}`}>
                <td>
                  <Time iso={one.at} />
                </td>
                <td>
                  {one.who} <span className="technical">{one.role}</span>
                </td>
                <td>
                  {one.what} {one.subject}
                </td>
                <td>{one.why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More of={audit} />
    </article>
  );
}
