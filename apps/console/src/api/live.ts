import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/**
 * What is asked again when the ledger says that a subject changed, and how often at most: while a site is busy
 * something changes every second, and nobody reads that fast.
 */
const askedAgain: readonly {
  readonly subject: string;
  readonly key: string;
  readonly atMostEveryMs: number;
}[] = [
  { subject: 'recordings', key: 'recordings', atMostEveryMs: 5_000 },
  { subject: 'interactions', key: 'interactions', atMostEveryMs: 5_000 },
  { subject: 'instances', key: 'instances', atMostEveryMs: 20_000 },
  // Sums of a day or more hardly move.
  { subject: 'recordings', key: 'sums', atMostEveryMs: 60_000 },
];
const subjects = [...new Set(askedAgain.map(({ subject }) => subject))];
const againMs = 30_000;

/**
 * Asks again what is shown when the ledger says that it changed; the messages carry no data. While nothing changes,
 * nothing is asked. A hidden page listens to nobody and asks once when it is seen again.
 * @returns whether the ledger is away
 */
export function useLiveUpdates(): boolean {
  const client = useQueryClient();
  const [isAway, setAway] = useState(false);
  useEffect(() => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const turns = new Map<string, { lastMs: number; timer?: ReturnType<typeof setTimeout> }>();
    const ask = (key: string, atMostEveryMs: number) => {
      const turn = turns.get(key) ?? { lastMs: -Infinity };
      turns.set(key, turn);
      if (turn.timer !== undefined) return;
      turn.timer = setTimeout(
        () => {
          turns.set(key, { lastMs: performance.now() });
          void client.invalidateQueries({ queryKey: [key] });
        },
        Math.max(0, turn.lastMs + atMostEveryMs - performance.now()),
      );
    };
    const hush = () => {
      source?.close();
      source = undefined;
      clearTimeout(retry);
    };
    const listen = () => {
      hush();
      if (document.hidden) return;
      const opened = new EventSource('/api/v1/changes');
      source = opened;
      let hasFailed = false;
      opened.onopen = () => {
        setAway(false);
        // What happened in the meantime nobody has told.
        if (hasFailed) void client.invalidateQueries();
        hasFailed = false;
      };
      opened.onerror = () => {
        hasFailed = true;
        setAway(true);
        if (opened.readyState !== EventSource.CLOSED) return;
        // Refused: the session may have ended.
        void client.invalidateQueries({ queryKey: ['session'] });
        retry = setTimeout(listen, againMs);
      };
      for (const subject of subjects)
        opened.addEventListener(subject, () => {
          for (const one of askedAgain)
            if (one.subject === subject) ask(one.key, one.atMostEveryMs);
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
      hush();
      for (const { timer } of turns.values()) clearTimeout(timer);
    };
  }, [client]);
  return isAway;
}
