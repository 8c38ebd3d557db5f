import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client.js';
import type { AuditItem, Instance, Page } from '../api/shapes.js';
import { useMay } from '../api/caller.js';
import { Time } from '../parts/times.js';
import { Trouble } from '../parts/trouble.js';
import { usePreferences } from '../texts/preferences.js';

/** Instances and who did what. */
export function OperationsPage() {
  const { t } = usePreferences();
  const isAdmin = useMay('admin');
  return (
    <>
      <h1>{t('operations')}</h1>
      <Instances />
      {isAdmin ? <Audit /> : <p className="calm">{t('onlyAdmins')}</p>}
    </>
  );
}

function Instances() {
  const { t } = usePreferences();
  const instances = useQuery({
    queryKey: ['instances'],
    queryFn: () => ask<Page<Instance>>('/api/v1/instances'),
  });
  return (
    <article>
      <h2>{t('instances')}</h2>
      {instances.failureReason !== null && <Trouble error={instances.failureReason} />}
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
                {one.status}
                {one.findings.map(({ check, reason }) => ` · ${check}: ${reason}`)}
              </td>
              <td>
                <Time iso={one.seenAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

function Audit() {
  const { t } = usePreferences();
  const audit = useQuery({
    queryKey: ['audit'],
    queryFn: () => ask<Page<AuditItem>>('/api/v1/audit'),
  });
  return (
    <article>
      <h2>{t('audit')}</h2>
      {audit.failureReason !== null && <Trouble error={audit.failureReason} />}
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
          {(audit.data?.items ?? []).map((one, index) => (
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
    </article>
  );
}
