import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { send } from '../api/client.js';
import { usePreferences } from '../texts/preferences.js';
import { JobOf } from './jobs.js';
import { amountWords, Time } from './times.js';
import { Trouble } from './trouble.js';

export type Filters = { readonly ids: readonly string[] } | Readonly<Record<string, string>>;

type SendAgainProps = {
  readonly filters: Filters;
  /** As far as it is known here; what is sent is counted anew before anybody says yes. */
  readonly count: number;
  /** What they have in common. */
  readonly about?: { readonly title: string; readonly since: string | null };
  readonly label?: string;
};

type Started = { readonly id: string | null };
type Counted = { readonly total: number };

/** Says what will be done and to how many, does it at a pace, and shows how far it is. */
export function SendAgain({ filters, count, about, label }: SendAgainProps) {
  const { t, n } = usePreferences();
  const client = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [perMinute, setPerMinute] = useState(60);
  const [why, setWhy] = useState('');
  const [jobId, setJobId] = useState<string>();
  const counted = useQuery({
    queryKey: ['recordings', 'to-send', filters],
    queryFn: () => send<Counted>('POST', '/api/v1/requeue', { ...filters, dryRun: true }),
    enabled: isOpen && !('ids' in filters),
  });
  const total = counted.data?.total ?? count;
  const start = useMutation({
    mutationFn: () => send<Started>('POST', '/api/v1/requeue', { ...filters, perMinute, why }),
    onSuccess: ({ id }) => {
      dialog.current?.close();
      setJobId(id ?? undefined);
      void client.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    start.mutate();
  };
  const open = () => {
    setOpen(true);
    dialog.current?.showModal();
  };
  const time = amountWords((total * 60_000) / Math.max(1, perMinute));
  return (
    <div className="send-again">
      <button type="button" className="primary" onClick={open}>
        {label ?? (count === 1 ? t('sendAgain') : t('sendAgainCount', { count: n(count) }))}
      </button>
      {jobId !== undefined && <JobOf id={jobId} />}
      <dialog ref={dialog} aria-label={t('sendAgain')} onClose={() => setOpen(false)}>
        <form onSubmit={submit}>
          <p aria-live="polite">
            {total === 1
              ? t('sendOneAgainSentence')
              : t('sendAgainSentence', { count: n(total), perMinute: n(perMinute), time })}
          </p>
          {about !== undefined && total > 1 && (
            <p className="calm">
              {t('eachOf', { title: about.title })} <Time iso={about.since} />.
            </p>
          )}
          {total > 1 && (
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
          )}
          <label>
            {t('why')}
            <input value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
          </label>
          {counted.error !== null && <Trouble error={counted.error} />}
          {start.error !== null && <Trouble error={start.error} />}
          <div className="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              {t('cancel')}
            </button>
            <button
              type="submit"
              className="primary"
              disabled={start.isPending || (isOpen && counted.isLoading)}
            >
              {t('sendAgain')}
            </button>
          </div>
        </form>
      </dialog>
    </div>
  );
}
