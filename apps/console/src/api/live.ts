import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** Subjects of which the ledger says that something changed. */
const subjects = ['recordings', 'interactions', 'instances'] as const;

/**
 * Asks again what is shown when the ledger says that it changed; the messages carry no data. While nothing changes,
 * nothing is asked. A hidden page listens to nobody and asks once when it is seen again.
 */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => {
    let source: EventSource | undefined;
    const listen = () => {
      source?.close();
      source = undefined;
      if (document.hidden) return;
      source = new EventSource('/api/v1/changes');
      for (const subject of subjects)
        source.addEventListener(subject, () => {
          void client.invalidateQueries({ queryKey: [subject] });
        });
    };
    const onVisibility = () => {
      if (!document.hidden) void client.invalidateQueries();
      listen();
    };
    listen();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      source?.close();
    };
  }, [client]);
}
