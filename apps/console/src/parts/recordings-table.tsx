import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useLocation } from 'wouter';
import type { Recording } from '../api/shapes.js';
import { usePreferences } from '../texts/preferences.js';
import { State } from './state.js';
import { durationWords, Time } from './times.js';
import { TranscriptionWord } from './transcription-word.js';

const rowHeight = 32;

/** Recordings, newest first. However many there are, only those in sight are in the page. */
export function RecordingsTable({ items }: { readonly items: readonly Recording[] }) {
  const { t } = usePreferences();
  const [, goTo] = useLocation();
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const before = shown[0]?.start ?? 0;
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <div
      className="table-scroll"
      ref={scroll}
      tabIndex={0}
      role="region"
      aria-label={items.length === 1 ? t('oneRecording') : t('recordings', { count: items.length })}
    >
      <table aria-rowcount={items.length}>
        <thead>
          <tr>
            <th scope="col">{t('time')}</th>
            <th scope="col">{t('agent')}</th>
            <th scope="col">{t('queue')}</th>
            <th scope="col" className="number">
              {t('duration')}
            </th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('transcribed')}</th>
          </tr>
        </thead>
        <tbody>
          {before > 0 && (
            <tr aria-hidden="true">
              <td colSpan={6} style={{ height: before }} />
            </tr>
          )}
          {shown.map(({ index }) => {
            const one = items[index];
            if (one === undefined) return null;
            const path = `/calls/${encodeURIComponent(one.interactionId ?? one.callUUID ?? one.recordingId)}`;
            return (
              <tr key={one.recordingId} aria-rowindex={index + 1} onClick={() => goTo(path)}>
                <td>
                  <a
                    href={path}
                    onClick={(event) => {
                      if (event.metaKey || event.ctrlKey) return;
                      event.preventDefault();
                      goTo(path);
                    }}
                  >
                    <Time iso={one.startTime} />
                  </a>
                </td>
                <td>{one.agent ?? one.dn ?? '–'}</td>
                <td>{one.queue ?? t('noQueue')}</td>
                <td className="number">{durationWords(one.durationMs)}</td>
                <td>
                  <State state={one.state} cause={one.cause} nextTryAt={one.nextTryAt} />
                </td>
                <td>
                  <TranscriptionWord recording={one} />
                </td>
              </tr>
            );
          })}
          {after > 0 && (
            <tr aria-hidden="true">
              <td colSpan={6} style={{ height: after }} />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
