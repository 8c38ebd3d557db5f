import type { ListedAudio, RecordingStore } from '@exrec/recording-store';
import type { Candidate, Span } from './candidate.js';
import { opusDurationMs } from './opus-duration.js';

const callLength = 32;

/**
 * The audio files of a time whose names begin with a call. Nothing but the file tells of such a recording: it ends when
 * the file was written, and has no agent and no queue unless EXCP has the call's events.
 */
export function candidateOfFile(
  store: Pick<RecordingStore, 'open'>,
  { name, modifiedAtMs }: ListedAudio,
  { fromMs, toMs }: Span,
): Candidate | undefined {
  const callUUID = name.slice(0, callLength);
  if (modifiedAtMs === undefined || modifiedAtMs < fromMs || modifiedAtMs >= toMs) return undefined;
  if (!/^[A-Za-z0-9]{32}$/.test(callUUID)) return undefined;
  return {
    mediaId: name,
    metadata: async () => {
      const { stream } = await store.open(name);
      const durationMs = await opusDurationMs(stream);
      return {
        ...{ mediaId: name, callUUID, duration: durationMs },
        startTime: new Date(modifiedAtMs - durationMs).toISOString(),
        stopTime: new Date(modifiedAtMs).toISOString(),
      };
    },
  };
}
