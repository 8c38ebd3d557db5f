import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { ask, send } from '../api/client.js';
import type { Job } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { amountWords } from './times.js';
import { Trouble } from './trouble.js';

export type Filters = { readonly ids: readonly string[] } | Readonly<Record<string, string>>;

type SendAgainProps = { readonly filters: Filters; readonly count: number };

const lookEveryMs = 1_000;

/** Says what will be done and to how many, does it at a pace, and shows how far it is. */
export function SendAgain({ filters, count }: SendAgainProps) {
  const { t, n } = usePreferences();
  const dialog = useRef<HTMLDialogElement>(null);
  const [perMinute, setPerMinute] = useState(60);
  const [why, setWhy] = useState('');
  const [jobId, setJobId] = useState<string>();
  const start = useMutation({
    mutationFn: () => send<Job>('POST', '/api/v1/requeue', { ...filters, perMinute, why }),
    onSuccess: (job) => {
      dialog.current?.close();
      setJobId(job.id ?? undefined);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    start.mutate();
  };
  const time = amountWords((count * 60_000) / Math.max(1, perMinute));
  return (
    <div className="send-again">
      <button type="button" className="primary" onClick={() => dialog.current?.showModal()}>
        {count === 1 ? t('sendAgain') : t('sendAgainCount', { count: n(count) })}
      </button>
      {jobId !== undefined && <JobProgress id={jobId} />}
      <dialog ref={dialog} aria-label={t('sendAgain')}>
        <form onSubmit={submit}>
          <p>
            {count === 1
              ? t('sendOneAgainSentence')
              : t('sendAgainSentence', { count: n(count), perMinute: n(perMinute), time })}
          </p>
          <label>
            {t('perMinute')}
            <input
              type="number"
              min={1}
              max={6000}
              value={perMinute}
              onChange={(event) => setPerMinute(event.target.valueAsNumber || 1)}
            />
          </label>
          <label>
            {t('why')}
            <input value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
          </label>
          {start.error !== null && <Trouble error={start.error} />}
          <div className="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              {t('cancel')}
            </button>
            <button type="submit" className="primary" disabled={start.isPending}>
              {t('sendAgain')}
            </button>
          </div>
        </form>
      </dialog>
    </div>
  );
}

function JobProgress({ id }: { readonly id: string }) {
  const { t, n } = usePreferences();
  const client = useQueryClient();
  const job = useQuery({
    queryKey: ['jobs', id],
    queryFn: async () => {
      const found = await ask<Job>(`/api/v1/jobs/${id}`);
      if (found.state !== 'running') {
        await client.invalidateQueries({ queryKey: ['recordings'] });
        await client.invalidateQueries({ queryKey: ['interactions'] });
      }
      return found;
    },
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? lookEveryMs : false),
  });
  if (job.data === undefined) return null;
  const { done = 0, failed = 0, total } = job.data;
  return (
    <p role="status">
      <progress value={done} max={total} aria-label={t('sendAgain')} />{' '}
      {t('sent', { done: n(done - failed), total: n(total) })}
      {failed > 0 && `, ${t('sentFailed', { failed: n(failed) })}`}
    </p>
  );
}
