import { createHash } from 'node:crypto';
import { rwsTime, type RwsRecording } from './rws-recording.js';

/** Any number of short calls, one after the other, with one media file each; the same for the same input. */
export function numberedRecordings(
  count: number,
  { startMs, everyMs = 1000 }: { readonly startMs: number; readonly everyMs?: number },
): RwsRecording[] {
  return Array.from({ length: count }, (_, index) => {
    const id = createHash('sha256').update(`${index}`).digest('hex').slice(0, 32).toUpperCase();
    return numberedRecording(id, index, startMs + index * everyMs);
  });
}

function numberedRecording(id: string, index: number, startMs: number): RwsRecording {
  const durationMs = 20_000;
  const times = { startTime: rwsTime(startMs), stopTime: rwsTime(startMs + durationMs) };
  const stem = `${id}_${index.toString(16).toUpperCase().padStart(8, '0')}`;
  const playPath = `/recordings/${id}/play/${stem}.mp3`;
  return {
    ...{ id, callerPhoneNumber: '4930555010', dialedPhoneNumber: '8005550100', ...times },
    ...{ callType: 'Inbound', region: 'region1', eventHistory: [] },
    mediaFiles: [
      {
        ...{ mediaId: `${stem}.mp3`, callUUID: id, type: 'audio/mp3', ...times },
        mediaUri: `http://rws.example.local/api/v2${playPath}`,
        ...{ mediaPath: playPath, playPath },
        ...{ duration: `${durationMs}`, size: '80000' },
        ...{ tenant: 'Environment', ivrprofile: 'record' },
        parameters: { id, recordDN: '7105', agentId: 'agent7105', queue: 'VQ_TechSupport' },
        ...{ masks: [], partitions: [], accessgroups: ['/'] },
      },
    ],
  };
}
