import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useMay } from '../api/caller.js';
import { ask, send } from '../api/client.js';
import type { Job, Page } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { Time } from './times.js';

const lookEveryMs = 1_000;
const jobsKey = ['jobs'] as const;

/** What was sent again: by whom, why, how far it is. Only while something runs it is looked at again and again. */
export function Jobs() {
  const { t } = usePreferences();
  const client = useQueryClient();
  const jobs = useQuery({
    queryKey: jobsKey,
    queryFn: () => ask<Page<Job>>('/api/v1/jobs'),
    refetchInterval: ({ state }) => (state.data?.items.some(isRunning) ? lookEveryMs : false),
  });
  const items = jobs.data?.items ?? [];
  const running = items.filter(isRunning).length;
  const ranBefore = useRef(0);
  useEffect(() => {
    if (running < ranBefore.current) {
      void client.invalidateQueries({ queryKey: ['recordings'] });
      void client.invalidateQueries({ queryKey: ['interactions'] });
    }
    ranBefore.current = running;
  }, [running, client]);
  if (items.length === 0) return null;
  return (
    <article>
      <h2>{t('sentAgain')}</h2>
      <div className="scroll-x">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('time')}</th>
              <th scope="col">{t('who')}</th>
              <th scope="col">{t('why')}</th>
              <th scope="col">{t('howFar')}</th>
              <th scope="col">{t('state')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}

function JobRow({ job }: { readonly job: Job }) {
  const { t } = usePreferences();
  return (
    <tr>
      <td>
        <Time iso={job.startedAt} />
      </td>
      <td>{job.who}</td>
      <td>{job.why ?? '–'}</td>
      <td>
        <JobProgress job={job} />
      </td>
      <td>
        {t(`job_${isKnown(job.state) ? job.state : 'interrupted'}`)}{' '}
        {job.detail !== null && <span className="technical">{job.detail}</span>}{' '}
        {isRunning(job) && <StopJob id={job.id} />}
      </td>
    </tr>
  );
}

const known = ['running', 'finished', 'failed', 'stopped', 'interrupted'] as const;

function isKnown(state: string): state is (typeof known)[number] {
  return (known as readonly string[]).includes(state);
}

function StopJob({ id }: { readonly id: string }) {
  const { t } = usePreferences();
  const isOperator = useMay('operator');
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => send<Job>('DELETE', `/api/v1/jobs/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: jobsKey }),
  });
  if (!isOperator) return null;
  return (
    <button type="button" onClick={() => stop.mutate()} disabled={stop.isPending}>
      {t('stop')}
    </button>
  );
}

/** One job that was begun here, until it is over. */
export function JobOf({ id }: { readonly id: string }) {
  const client = useQueryClient();
  const job = useQuery({
    queryKey: [...jobsKey, id],
    queryFn: async () => {
      const found = await ask<Job>(`/api/v1/jobs/${id}`);
      if (!isRunning(found)) {
        await client.invalidateQueries({ queryKey: ['recordings'] });
        await client.invalidateQueries({ queryKey: ['interactions'] });
      }
      return found;
    },
    refetchInterval: ({ state }) =>
      state.data !== undefined && isRunning(state.data) ? lookEveryMs : false,
  });
  if (job.data === undefined) return null;
  return (
    <p role="status">
      <JobProgress job={job.data} />
    </p>
  );
}

function JobProgress({ job: { done, failed, total } }: { readonly job: Job }) {
  const { t, n } = usePreferences();
  return (
    <>
      <progress value={done + failed} max={total} aria-label={t('howFar')} />{' '}
      {t('sent', { done: n(done), total: n(total) })}
      {failed > 0 && `, ${t('sentFailed', { failed: n(failed) })}`}
    </>
  );
}

function isRunning({ state }: Job): boolean {
  return state === 'running';
}
